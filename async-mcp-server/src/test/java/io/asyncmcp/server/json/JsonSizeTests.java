package io.asyncmcp.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.EmbeddedResource;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ResourceLink;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
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

    static Stream<Object> written() {
        return Stream.of(
                "plain",
                "\u00e4\u20ac\ud83d\ude00",
                "\"quoted\" \\ \n\t\u0001\u001f\u007f",
                "\u4e16\u754c".repeat(1000),
                Arrays.asList(null, true, false, 1, -17, 1234567890123L, 2.5, -1e-7, 1.7976931348623157E308),
                List.of(),
                Map.of(),
                Map.of("a\u00e4", List.of(Map.of("b", List.of(1, 2, 3)), "c")));
    }

    /** Byte for byte what goes over the wire. */
    @ParameterizedTest
    @MethodSource("written")
    void sizeIsThatOfTheBytesThatAreWritten(Object value) throws IOException {
        byte[] bytes = McpJsonDefaults.getMapper().writeValueAsBytes(value);
        assertThat(JsonSize.of(value, LARGE).size()).isEqualTo(bytes.length);
        assertThat(JsonSize.of(value, bytes.length).exceedsLimit()).isFalse();
        assertThat(JsonSize.of(value, bytes.length - 1).exceedsLimit()).isTrue();
    }

    @Test
    void sizeOfAResultIsNoLessThanWhatIsWrittenAndHardlyMore() throws IOException {
        CallToolResult result = result(Map.of("a", "\u20ac".repeat(1000)));
        byte[] bytes = McpJsonDefaults.getMapper().writeValueAsBytes(result);
        assertThat(JsonSize.of(result, LARGE).size()).isBetween((long) bytes.length, bytes.length + 1000L);
    }

    @Test
    void halvesOfCharactersAreWrittenByTheirNumbers() {
        assertThat(JsonSize.of("\ud800", LARGE).size()).isEqualTo(8);
        assertThat(JsonSize.of("\udc00\ud800", LARGE).size()).isEqualTo(14);
    }

    @Test
    void numbersOfAnyLengthCount() {
        assertThat(JsonSize.of(BigInteger.TEN.pow(1000), LARGE).size()).isBetween(1001L, 1003L);
        assertThat(JsonSize.of(new BigDecimal("1e999999999"), LARGE).size()).isLessThan(100);
        assertThat(JsonSize.of(new BigDecimal(BigInteger.TEN.pow(1000), 5), LARGE)
                        .size())
                .isBetween(1001L, 1020L);
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
        assertThat(JsonSize.of(BigInteger.TEN.pow(999), LARGE).memory()).isBetween(450L, 550L);
        assertThat(JsonSize.of(new BigDecimal(BigInteger.TEN.pow(999), 5), LARGE)
                        .memory())
                .isBetween(450L, 600L);
        List<Object> empty = Collections.nCopies(1_000, Map.of());
        assertThat(JsonSize.of(empty, LARGE).memory()).isBetween(50_000L, 100_000L);
    }
}
