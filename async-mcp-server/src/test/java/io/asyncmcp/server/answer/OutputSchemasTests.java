package io.asyncmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputSchemasTests {

    private static final String TREE = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$id": "https://example.com/tree",
              "type": "object",
              "$defs": {"Leaf": {"type": "object", "properties": {"twin": {"$ref": "#/$defs/Leaf"}}}},
              "properties": {
                "leaf": {"$ref": "#/$defs/Leaf"},
                "child": {"$ref": "#"},
                "sibling": {"$ref": "#/properties/leaf"},
                "name": {"type": "string"}
              },
              "required": ["name"]
            }""";

    @Test
    void ownResultsAndOurAnswersConform() throws IOException {
        Map<String, Object> widened = OutputSchemas.widen(parse(TREE));
        assertConforms(widened, Map.of("name", "a", "child", Map.of("name", "b"), "leaf", Map.of()), true);
        assertConforms(
                widened,
                Map.of("status", "processing", "operation_id", "x", "operation_type", "t", "elapsed_seconds", 1.5),
                true);
    }

    @Test
    void whatIsNeitherDoesNotConform() throws IOException {
        Map<String, Object> widened = OutputSchemas.widen(parse(TREE));
        assertConforms(widened, Map.of("child", Map.of("name", "b")), false);
        assertConforms(widened, Map.of("name", "a", "child", Map.of("leaf", Map.of())), false);
    }

    @Test
    void definitionsAndIdentityStandAtTheRoot() throws IOException {
        Map<String, Object> widened = OutputSchemas.widen(parse(TREE));
        assertThat(widened).containsKeys("$schema", "$id", "$defs").containsEntry("type", "object");
        assertThat(widened.get("anyOf").toString())
                .contains("#/$defs/Leaf", "#/anyOf/0/properties/leaf", "{$ref=#/anyOf/0}")
                .doesNotContain("$defs={");
    }

    @Test
    void whatIsNoObjectBecomesOne() throws IOException {
        Map<String, Object> list = parse("""
                {"type": "array", "items": {"$ref": "#/$defs/Leaf"}, "$defs": {"Leaf": {"type": "object",
                  "properties": {"twin": {"$ref": "#/$defs/Leaf"}, "all": {"$ref": "#"}}, "required": ["twin"]}}}""");
        assertThat(OutputSchemas.isObject(list)).isFalse();
        Map<String, Object> wrapped = OutputSchemas.wrap(list, false);
        assertThat(OutputSchemas.isObject(wrapped)).isTrue();
        for (Map<String, Object> schema : List.of(wrapped, OutputSchemas.widen(wrapped))) {
            assertConforms(schema, OutputSchemas.wrapped(List.of()), true);
            assertConforms(schema, Map.of("result", List.of(Map.of("twin", Map.of("twin", Map.of())))), false);
            assertConforms(schema, Map.of("result", List.of(Map.of())), false);
            assertConforms(schema, OutputSchemas.wrapped(null), false);
        }
        assertThat(wrapped.toString()).contains("$ref=#/properties/result}");
        assertThat(OutputSchemas.widen(wrapped).toString()).contains("$ref=#/anyOf/0/properties/result}");
        assertConforms(OutputSchemas.widen(wrapped), Map.of("status", "busy", "operation_type", "t"), true);
    }

    @Test
    void aValueMayBeMissing() throws IOException {
        // The SDK's validator takes two schemas with one $id for the same.
        Map<String, Object> tree = parse(TREE.replace("example.com/tree", "example.com/optional-tree"));
        Map<String, Object> schema = OutputSchemas.widen(OutputSchemas.wrap(tree, true));
        assertConforms(schema, OutputSchemas.wrapped(null), true);
        assertConforms(schema, OutputSchemas.wrapped(Map.of("name", "a", "child", Map.of("name", "b"))), true);
        assertConforms(schema, OutputSchemas.wrapped(Map.of("name", "a", "child", Map.of())), false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type': 'object'} | true",
                "{'properties': {}} | true",
                "{'$ref': '#/$defs/A', '$defs': {'A': {'type': 'object'}}} | true",
                "{} | false",
                "{'type': 'array'} | false",
                "{'type': ['object', 'null']} | false",
                "{'$ref': '#/$defs/A', '$defs': {'A': {'type': 'array'}}} | false",
                "{'$ref': 'https://example.com/a'} | false",
                "{'anyOf': [{'type': 'object'}]} | false"
            })
    void knowsSchemasOfObjects(String schema, boolean expected) throws IOException {
        assertThat(OutputSchemas.isObject(parse(schema.replace('\'', '"')))).isEqualTo(expected);
    }

    /** Hosts cache prompts by the bytes of the list. */
    @Test
    void keysHaveOneOrder() throws IOException {
        Map<String, Object> schema =
                Map.of("type", "object", "title", "t", "properties", Map.of("b", Map.of(), "a", Map.of()));
        assertThat(McpJsonDefaults.getMapper().writeValueAsString(OutputSchemas.widen(schema)))
                .isEqualTo("""
                        {"type":"object","anyOf":[{"properties":{"a":{},"b":{}},"title":"t","type":"object"},\
                        {"description":"The result is not there yet, or there is none","type":"object","properties":{\
                        "status":{"type":"string","enum":["processing","busy","completed","failed","cancelled"]},\
                        "operation_id":{"type":"string"},"operation_type":{"type":"string"},"message":{"type":"string"},\
                        "elapsed_seconds":{"type":"number"},"progress":{"type":"number"},"total":{"type":"number"},\
                        "progress_message":{"type":"string"},"poll_after_seconds":{"type":"number"},\
                        "retry_after_seconds":{"type":"number"},\
                        "result":{"description":"The tool's result, if it does not have the form it should have"}},\
                        "required":["status","operation_type"]}]}""");
    }

    private static void assertConforms(Map<String, Object> schema, Map<String, Object> content, boolean expected) {
        JsonSchemaValidator.ValidationResponse response =
                McpJsonDefaults.getSchemaValidator().validate(schema, content);
        assertThat(response.valid())
                .as("%s: %s", content, response.errorMessage())
                .isEqualTo(expected);
    }

    private static Map<String, Object> parse(String json) throws IOException {
        return McpJsonDefaults.getMapper().readValue(json, new TypeRef<Map<String, Object>>() {});
    }
}
