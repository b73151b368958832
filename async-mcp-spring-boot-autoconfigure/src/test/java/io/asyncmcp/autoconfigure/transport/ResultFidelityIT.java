package io.asyncmcp.autoconfigure.transport;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;

/** A result is the same whether it came in time or was fetched later. */
class ResultFidelityIT {

    static class Tools {

        @Bean
        RichTools richTools() {
            return new RichTools();
        }
    }

    static class RichTools {

        @AsyncTool(name = "rich", timeout = "500ms")
        CallToolResult rich(int millis, boolean error) throws InterruptedException {
            Thread.sleep(millis);
            return new CallToolResult(
                    List.of(
                            TextContent.builder("a picture and a link").build(),
                            ImageContent.builder("aGVsbG8=", "image/png").build(),
                            ResourceLink.builder()
                                    .name("page")
                                    .uri("file:///page.html")
                                    .mimeType("text/html")
                                    .build()),
                    error,
                    Map.of("answer", 42, "parts", List.of("a", "b")),
                    Map.of("example.com/trace", "t-1"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void everyPartComesBackAsTheToolReturnedIt(WebApplicationType web) {
        try (TestServer server = TestServer.start(web, Tools.class, "spring.ai.mcp.server.protocol=STREAMABLE");
                McpSyncClient client = server.connect()) {
            for (boolean error : new boolean[] {false, true}) {
                CallToolResult inTime = call(client, "rich", Map.of("millis", 0, "error", error));
                CallToolResult processing = call(client, "rich", Map.of("millis", 1500, "error", error));
                assertThat(structured(processing)).containsEntry("status", "processing");
                CallToolResult later = call(
                        client,
                        "continue_operation",
                        Map.of("operation_id", structured(processing).get("operation_id"), "wait_time", 15));
                assertThat(later).isEqualTo(inTime);
                assertThat(later.isError()).isEqualTo(error);
                assertThat(later.content())
                        .extracting(Object::getClass)
                        .containsExactly(TextContent.class, ImageContent.class, ResourceLink.class);
                assertThat(structured(later)).containsEntry("answer", 42);
                assertThat(later.meta()).containsEntry("example.com/trace", "t-1");
            }
        }
    }
}
