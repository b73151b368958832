package io.asyncmcp.server.modern;

import static io.asyncmcp.server.modern.Headers.mismatch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParamHeadersTests {

    private static final String SCHEMA = """
            {
              "type": "object",
              "properties": {
                "region": {"type": "string", "x-mcp-header": "Region"},
                "limit": {"type": "integer", "x-mcp-header": "Limit"},
                "dry": {"type": "boolean", "x-mcp-header": "Dry"},
                "query": {"type": "string"},
                "target": {
                  "type": "object",
                  "properties": {
                    "tenant": {"type": "object", "properties": {"id": {"type": "string", "x-mcp-header": "Tenant"}}}
                  }
                },
                "list": {"type": "array", "items": {"properties": {"x": {"x-mcp-header": "Item"}}}},
                "any": {"anyOf": [{"properties": {"x": {"x-mcp-header": "Any"}}}]}
              }
            }""";

    private final ParamHeaders headers = ParamHeaders.of(new ListToolsResult(
            List.of(
                    Tool.builder("sql", json(SCHEMA)).build(),
                    Tool.builder("plain", json("{\"type\": \"object\"}")).build()),
            null));

    private static Map<String, Object> json(String text) {
        try {
            return McpJsonDefaults.getMapper().readValue(text, new TypeRef<Map<String, Object>>() {});
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void require(@Nullable String arguments, String... namesAndValues) {
        headers.require(Headers.of(namesAndValues), "sql", arguments == null ? null : json(arguments));
    }

    private void assertTaken(String arguments, String... namesAndValues) {
        assertThatCode(() -> require(arguments, namesAndValues)).doesNotThrowAnyException();
    }

    @Test
    void saysWhatTheArgumentSays() {
        assertTaken("{\"region\": \"us-west1\", \"query\": \"q\"}", "mcp-param-region", "us-west1");
        assertThat(mismatch(() -> require("{\"region\": \"us-west1\"}", "Mcp-Param-Region", "us-west2")))
                .isEqualTo("Header mismatch: Mcp-Param-Region does not say what the argument region says.");
        mismatch(() -> require("{\"region\": \"us-west1\"}", "Mcp-Param-Region", "US-WEST1"));
    }

    @Test
    void missingAndTwice() {
        assertThat(mismatch(() -> require("{\"region\": \"us-west1\"}")))
                .isEqualTo("Header mismatch: Mcp-Param-Region is missing. It must say what the body says.");
        mismatch(() -> require("{\"region\": \"a\"}", "Mcp-Param-Region", "a", "Mcp-Param-Region", "a"));
    }

    @Test
    void nested() {
        assertTaken("{\"target\": {\"tenant\": {\"id\": \"t1\"}}}", "Mcp-Param-Tenant", "t1");
        assertThat(mismatch(() -> require("{\"target\": {\"tenant\": {\"id\": \"t1\"}}}", "Mcp-Param-Tenant", "t2")))
                .contains("target.tenant.id");
        mismatch(() -> require("{\"target\": {\"tenant\": {\"id\": \"t1\"}}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"region\": null, \"target\": null}",
                "{\"target\": {\"tenant\": null}}",
                "{\"target\": {\"tenant\": {}}}",
                "{\"target\": \"no object\"}",
                "{\"list\": [{\"x\": \"1\"}], \"any\": {\"x\": \"1\"}}"
            })
    void whatIsNotThereHasNoHeader(String arguments) {
        assertTaken(arguments);
        mismatch(() -> require(arguments, "Mcp-Param-Region", "us-west1"));
        mismatch(() -> require(arguments, "Mcp-Param-Tenant", ""));
        mismatch(() -> require(arguments, "Mcp-Param-Tenant", "null"));
    }

    @Test
    void longNumbersAreNotCompared() {
        String digits = "1" + "0".repeat(999);
        assertTaken("{\"limit\": " + digits + "}", "Mcp-Param-Limit", digits);
        mismatch(() -> require("{\"limit\": " + digits + "}", "Mcp-Param-Limit", digits + "." + "0".repeat(100)));
        mismatch(() -> require("{\"limit\": 1}", "Mcp-Param-Limit", "1e999999999"));
    }

    @Test
    void callWithoutArgumentsHasNoneToo() {
        assertThatCode(() -> require(null)).doesNotThrowAnyException();
        mismatch(() -> require(null, "Mcp-Param-Limit", "0"));
    }

    @ParameterizedTest
    @CsvSource({"42, 42", "42, 42.0", "42.0, 42", "42, 4.2e1", "-7, -7", "0, 0", "9007199254740991, 9007199254740991"})
    void numbersAreComparedAsNumbers(String argument, String header) {
        assertTaken("{\"limit\": " + argument + "}", "Mcp-Param-Limit", header);
    }

    @ParameterizedTest
    @CsvSource({
        "42, 43",
        "42, ''",
        "42, forty-two",
        "42, 0x2a",
        "42, 42 43",
        "42, 1e999999999",
        "42, 1e99999999999",
        "42, NaN",
        "9007199254740991, 9007199254740992",
        "\"42\", 42.0",
        "true, 1",
        "[42], 42"
    })
    void otherNumbersAreNot(String argument, String header) {
        mismatch(() -> require("{\"limit\": " + argument + "}", "Mcp-Param-Limit", header));
    }

    @Test
    void booleansAreInLowerCase() {
        assertTaken("{\"dry\": true}", "Mcp-Param-Dry", "true");
        assertTaken("{\"dry\": false}", "Mcp-Param-Dry", "false");
        for (String other : new String[] {"True", "TRUE", "1", "false", ""}) {
            mismatch(() -> require("{\"dry\": true}", "Mcp-Param-Dry", other));
        }
    }

    @Test
    void base64() {
        assertTaken("{\"region\": \"Hello, 世界\"}", "Mcp-Param-Region", "=?base64?SGVsbG8sIOS4lueVjA==?=");
        assertTaken("{\"limit\": 42}", "Mcp-Param-Limit", "=?base64?NDI=?=");
        assertThat(mismatch(() -> require("{\"region\": \"Hello\"}", "Mcp-Param-Region", "=?base64?SGVsbG8?=")))
                .contains("marked as Base64");
        assertThat(mismatch(() -> require("{\"region\": \"世界\"}", "Mcp-Param-Region", "世界")))
                .contains("cannot carry");
    }

    @Test
    void onlyHeadersOfTheToolAreLookedAt() {
        assertTaken("{\"query\": \"q\"}", "Mcp-Param-Query", "other", "Mcp-Param-Item", "other", "Mcp-Param-Any", "x");
        for (Object tool : new Object[] {"plain", "unknown", 5}) {
            assertThatCode(() -> headers.require(Headers.of("Mcp-Param-Region", "x"), tool, Map.of("region", "y")))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> headers.require(Headers.of(), null, null)).doesNotThrowAnyException();
    }
}
