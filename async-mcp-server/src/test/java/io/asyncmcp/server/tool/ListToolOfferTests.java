package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationOwner;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListToolOfferTests {

    private static Tool tool(String name) {
        return new Tool(name, name, "", Map.of("type", "object"), null, null, null, null);
    }

    @Test
    void withoutASessionOnlyPrincipalsHaveAList() {
        assertThat(ListToolOffer.canList(OperationOwner.principal("alice"))).isTrue();
        assertThat(ListToolOffer.canList(OperationOwner.anonymous())).isFalse();
        assertThat(ListToolOffer.canList(OperationOwner.session("made-up-for-one-request")))
                .isFalse();
    }

    @Test
    void toolIsLeftOutAndTheRestStays() {
        ListToolsResult all =
                new ListToolsResult(List.of(tool("report"), tool("list_operations")), "more", Map.of("key", "value"));
        assertThat(ListToolOffer.without("list_operations", all))
                .isEqualTo(new ListToolsResult(List.of(tool("report")), "more", Map.of("key", "value")));
        assertThat(ListToolOffer.without("other", all)).isSameAs(all);
        assertThat(ListToolOffer.without("list_operations", Map.of())).isEqualTo(Map.of());
    }
}
