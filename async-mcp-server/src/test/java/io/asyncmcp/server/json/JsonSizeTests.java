package io.asyncmcp.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonSizeTests {

    private static final long LARGE = 1_000_000;

    private static final Map<String, Object> PLAIN =
            Map.of("a", List.of(1, 2.5, BigDecimal.TEN, true, "b"), "c", Map.of());

    private static final Map<String, Object> OPAQUE = Map.of("a", List.of(new Object()));

    static Stream<Object> plain() {
        return Stream.of(
                PLAIN, Arrays.asList(null, "a"), result(PLAIN), new CallToolResult(List.of(), null, null, null));
    }

    static Stream<Object> opaque() {
        return Stream.of(
                OPAQUE,
                new StringBuilder("a"),
                Collections.singletonMap(null, "a"),
                Map.of(1, "a"),
                result(OPAQUE),
                new CallToolResult(List.of(), false, OPAQUE, null),
                new CallToolResult(List.of(), false, null, OPAQUE),
                new EmbeddedResource(null, new TextResourceContents("a:b", null, "c", OPAQUE), null));
    }

    private static CallToolResult result(Map<String, Object> meta) {
        return new CallToolResult(
                List.of(
                        new TextContent(null, "text", PLAIN),
                        new ImageContent(null, "data", "image/png", PLAIN),
                        new EmbeddedResource(null, new TextResourceContents("a:b", null, "c", PLAIN), PLAIN),
                        ResourceLink.builder().name("a").uri("a:b").meta(meta).build()),
                false,
                PLAIN,
                PLAIN);
    }

    @ParameterizedTest
    @MethodSource("plain")
    void whatHasNoObjectsOfItsOwnIsPlain(Object value) {
        assertThat(JsonSize.of(value, LARGE).isOpaque()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("opaque")
    void oneObjectAnywhereIsEnough(Object value) {
        assertThat(JsonSize.of(value, LARGE).isOpaque()).isTrue();
    }

    @Test
    void everyPlaceForTextCounts() {
        String text = "x".repeat(1000);
        assertThat(JsonSize.of(text, 999).exceedsLimit()).isTrue();
        assertThat(JsonSize.of(text, 1100).exceedsLimit()).isFalse();
        assertThat(JsonSize.of(new TextContent(null, "", Map.of("a", text)), 1000)
                        .exceedsLimit())
                .isTrue();
        assertThat(JsonSize.of(new ImageContent(null, text, "image/png", null), 1000)
                        .exceedsLimit())
                .isTrue();
        assertThat(JsonSize.of(
                                new EmbeddedResource(null, new TextResourceContents("a:b", null, text, null), null),
                                1000)
                        .exceedsLimit())
                .isTrue();
    }

    @Test
    void whatContainsItselfIsTooLarge() {
        Map<String, Object> endless = new HashMap<>();
        endless.put("left", endless);
        endless.put("right", endless);
        assertThat(JsonSize.of(endless, Long.MAX_VALUE - 1).exceedsLimit()).isTrue();
    }

    @Test
    void memoryIsWhatItTakesUpHereAndNotOnTheWire() {
        assertThat(JsonSize.of("x".repeat(1_000), LARGE).memory()).isBetween(1_000L, 1_100L);
        assertThat(JsonSize.of("\u65e5".repeat(1_000), LARGE).memory()).isBetween(2_000L, 2_100L);
        List<Object> empty = Collections.nCopies(1_000, Map.of());
        assertThat(JsonSize.of(empty, LARGE).memory()).isBetween(50_000L, 100_000L);
    }
}
