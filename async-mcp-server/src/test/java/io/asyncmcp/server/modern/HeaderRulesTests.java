package io.asyncmcp.server.modern;

import static io.asyncmcp.server.modern.Headers.mismatch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderRulesTests {

    private static void requireName(String name, String... headers) {
        String[] all = new String[headers.length + 2];
        all[0] = "Mcp-Method";
        all[1] = "tools/call";
        System.arraycopy(headers, 0, all, 2, headers.length);
        HeaderRules.requireRouting(Headers.of(all), "tools/call", Map.of("name", name));
    }

    private static String sentinel(String text) {
        return "=?base64?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    @Test
    void namesOfHeadersHaveNoCase() {
        assertThatCode(() -> HeaderRules.requireRouting(
                        Headers.of("MCP-METHOD", "tools/call", "mcp-name", "report"),
                        "tools/call",
                        Map.of("name", "report")))
                .doesNotThrowAnyException();
        assertThatCode(() -> HeaderRules.requireVersion(Headers.of("mcp-protocol-version", "2026-07-28"), "2026-07-28"))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "tools/call, name, taskId",
        "prompts/get, name, uri",
        "resources/read, uri, name",
        "tasks/get, taskId, name",
        "tasks/update, taskId, name",
        "tasks/cancel, taskId, name"
    })
    void nameIsWhateverTheMethodNames(String method, String param, String other) {
        Map<String, Object> params = Map.of(param, "this", other, "that");
        assertThatCode(() -> HeaderRules.requireRouting(
                        Headers.of("Mcp-Method", method, "Mcp-Name", "this"), method, params))
                .doesNotThrowAnyException();
        assertThat(mismatch(() -> HeaderRules.requireRouting(
                        Headers.of("Mcp-Method", method, "Mcp-Name", "that"), method, params)))
                .isEqualTo("Header mismatch: Mcp-Name header value 'that' does not match body value 'this'");
        assertThat(mismatch(() -> HeaderRules.requireRouting(Headers.of("Mcp-Method", method), method, params)))
                .contains("Mcp-Name is missing");
    }

    @Test
    void whatHasNoNameNeedsNone() {
        assertThatCode(() -> HeaderRules.requireRouting(
                        Headers.of("Mcp-Method", "tools/list"), "tools/list", Map.of("name", "x")))
                .doesNotThrowAnyException();
        // What is wrong with the params is not for the headers to say.
        Map<String, Object> nameless = new HashMap<>();
        nameless.put("name", 5);
        assertThatCode(() -> HeaderRules.requireRouting(Headers.of("Mcp-Method", "tools/call"), "tools/call", nameless))
                .doesNotThrowAnyException();
    }

    @Test
    void missing() {
        assertThat(mismatch(() -> HeaderRules.requireRouting(Headers.of(), "tools/list", Map.of())))
                .isEqualTo("Header mismatch: Mcp-Method is missing. It must say what the body says.");
        assertThat(mismatch(() -> HeaderRules.requireVersion(Headers.of(), "2026-07-28")))
                .contains("MCP-Protocol-Version is missing");
    }

    @Test
    void twice() {
        assertThat(mismatch(() -> requireName("report", "Mcp-Name", "report", "mcp-name", "report")))
                .isEqualTo("Header mismatch: Mcp-Name must be there once, but is there 2 times.");
        assertThat(mismatch(() -> HeaderRules.requireVersion(
                        Headers.of("MCP-Protocol-Version", "2026-07-28", "MCP-Protocol-Version", "2025-11-25"),
                        "2026-07-28")))
                .contains("2 times");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Tools/call", "TOOLS/CALL", "tools/call/", "tools/list", "", "tools/call,tools/call"})
    void valuesHaveCase(String method) {
        assertThat(mismatch(() -> HeaderRules.requireRouting(
                        Headers.of("Mcp-Method", method, "Mcp-Name", "x"), "tools/call", Map.of("name", "x"))))
                .isEqualTo("Header mismatch: Mcp-Method header value '" + method
                        + "' does not match body value 'tools/call'");
    }

    @Test
    void version() {
        assertThat(mismatch(() ->
                        HeaderRules.requireVersion(Headers.of("MCP-Protocol-Version", "2025-11-25"), "2026-07-28")))
                .isEqualTo("Header mismatch: MCP-Protocol-Version header value '2025-11-25' does not match body value"
                        + " '2026-07-28'");
    }

    @ParameterizedTest
    @ValueSource(strings = {" report", "report ", "\treport\t ", "report"})
    void whiteSpaceAroundAValueIsNoPartOfIt(String value) {
        assertThatCode(() -> requireName("report", "Mcp-Name", value)).doesNotThrowAnyException();
    }

    @Test
    void otherWhiteSpaceIs() {
        for (char c : "\u000b\f\r\n\u001c\u001f\u2003\u3000".toCharArray()) {
            mismatch(() -> requireName("report", "Mcp-Name", c + "report"));
            mismatch(() -> requireName("report", "Mcp-Name", "report" + c));
            mismatch(() ->
                    HeaderRules.requireRouting(Headers.of("Mcp-Method", "tools/list" + c), "tools/list", Map.of()));
            mismatch(() -> HeaderRules.requireVersion(Headers.of("MCP-Protocol-Version", c + "1"), "1"));
        }
    }

    @Test
    void charactersThatNoHeaderCarriesAreRefusedEvenIfTheBodyHasThemToo() {
        for (char c : "\u0000\u0007\r\n\u007f\u0080\u00e4\u4e16".toCharArray()) {
            String name = "a" + c + "b";
            assertThat(mismatch(() -> requireName(name, "Mcp-Name", name)))
                    .contains("characters that a header cannot carry", "=?base64?");
            mismatch(() -> HeaderRules.requireRouting(Headers.of("Mcp-Method", name), name, Map.of()));
            mismatch(() -> HeaderRules.requireVersion(Headers.of("MCP-Protocol-Version", name), name));
            assertThatCode(() -> requireName(name, "Mcp-Name", sentinel(name))).doesNotThrowAnyException();
        }
        assertThatCode(() -> requireName("a\tb ~", "Mcp-Name", "a\tb ~")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "SGVsbG8sIOS4lueVjA==, 'Hello, 世界'",
        "IHBhZGRlZCA=, ' padded '",
        "PT9iYXNlNjQ/bGl0ZXJhbD89, =?base64?literal?=",
        "'', ''"
    })
    void base64(String encoded, String name) {
        assertThatCode(() -> requireName(name, "Mcp-Name", "=?base64?" + encoded + "?="))
                .doesNotThrowAnyException();
        assertThat(mismatch(() -> requireName(name + "x", "Mcp-Name", "=?base64?" + encoded + "?=")))
                .contains("does not match");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?base64?SGVsbG8?=",
                "=?base64?SGVsbG8==?=",
                "=?base64?SGVsbG9=?=",
                "=?base64?SGVs bG8=?=",
                "=?base64?literal?=",
                "=?base64?_-8=?=",
                "=?base64?/w==?=",
                "=?base64?7aCA?=",
                "=?base64?wIA=?=",
                "=?base64?=",
                "=?base64???="
            })
    void base64InOneWayOnly(String value) {
        assertThat(mismatch(() -> requireName("Hello", "Mcp-Name", value)))
                .isEqualTo("Header mismatch: Mcp-Name is marked as Base64 of UTF-8 and is not.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=?BASE64?SGVsbG8=?=", "=?base64?SGVsbG8=", "?base64?SGVsbG8=?=", "=?base64SGVsbG8=?="})
    void everythingElseIsMeantAsItStands(String value) {
        assertThatCode(() -> requireName(value, "Mcp-Name", value)).doesNotThrowAnyException();
        mismatch(() -> requireName("Hello", "Mcp-Name", value));
    }

    @Test
    void refusalIsShortAndOnOneLine() {
        String name = "line\n" + "x".repeat(1000);
        assertThat(mismatch(() -> requireName(name, "Mcp-Name", "y".repeat(1000))))
                .hasSizeLessThan(400)
                .contains("'line x", "y...'")
                .doesNotContain("\n");
    }
}
