package io.asyncmcp.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
    void listsStayPossibleForToolsThatReturnThem() throws IOException {
        Map<String, Object> widened =
                OutputSchemas.widen(parse("{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"));
        assertThat(McpJsonDefaults.getSchemaValidator()
                        .validate(widened, java.util.List.of("a"))
                        .valid())
                .isTrue();
        assertConforms(widened, Map.of("status", "busy", "operation_type", "t"), true);
    }

    private static void assertConforms(Map<String, Object> schema, Map<String, Object> content, boolean expected) {
        assertThat(McpJsonDefaults.getSchemaValidator()
                        .validate(schema, content)
                        .valid())
                .as("%s", content)
                .isEqualTo(expected);
    }

    private static Map<String, Object> parse(String json) throws IOException {
        return McpJsonDefaults.getMapper().readValue(json, new TypeRef<Map<String, Object>>() {});
    }
}
