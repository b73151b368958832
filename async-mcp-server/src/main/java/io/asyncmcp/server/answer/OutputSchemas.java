package io.asyncmcp.server.answer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Output schemas of asynchronous tools, which may answer with their own result or with one of {@link Answers}.
 *
 * @since 0.1.0
 */
public final class OutputSchemas {

    private static final String OWN = "#/anyOf/0";

    private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

    private OutputSchemas() {}

    /**
     * Widens a schema so that our answers conform to it too. Clients check structured content against the published
     * schema, and some refuse what does not conform even if it is an error.
     *
     * @param own the tool's own schema
     * @return a schema with the tool's definitions at its root, where references from everywhere find them
     */
    public static Map<String, Object> widen(Map<String, Object> own) {
        Map<String, Object> inner = new LinkedHashMap<>(own);
        Map<String, Object> widened = new LinkedHashMap<>();
        Object dialect = inner.remove("$schema");
        if (dialect != null) {
            widened.put("$schema", dialect);
        }
        Object id = inner.remove("$id");
        if (id != null) {
            widened.put("$id", id);
        }
        if ("object".equals(own.getOrDefault("type", "object"))) {
            widened.put("type", "object");
        }
        for (String keyword : DEFINITIONS) {
            Object definitions = inner.remove(keyword);
            if (definitions != null) {
                widened.put(keyword, rewrite(definitions));
            }
        }
        widened.put("anyOf", List.of(rewrite(inner), answerSchema()));
        return widened;
    }

    private static Map<String, Object> answerSchema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, Object> status = new LinkedHashMap<>(Map.of("type", "string"));
        status.put("enum", List.of("processing", "busy", "completed", "failed", "cancelled"));
        properties.put("status", status);
        properties.put("operation_id", Map.of("type", "string"));
        properties.put("operation_type", Map.of("type", "string"));
        properties.put("message", Map.of("type", "string"));
        properties.put("elapsed_seconds", Map.of("type", "number"));
        properties.put("progress", Map.of("type", "number"));
        properties.put("total", Map.of("type", "number"));
        properties.put("progress_message", Map.of("type", "string"));
        properties.put("poll_after_seconds", Map.of("type", "number"));
        properties.put("retry_after_seconds", Map.of("type", "number"));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", "The result is not there yet, or there is none");
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", List.of("status", "operation_type"));
        return schema;
    }

    private static Object rewrite(Object node) {
        if (node instanceof Map<?, ?> object) {
            Map<String, Object> copy = new LinkedHashMap<>();
            object.forEach((key, value) -> copy.put(
                    (String) key,
                    "$ref".equals(key) && value instanceof String reference ? moved(reference) : rewrite(value)));
            return copy;
        }
        if (node instanceof List<?> array) {
            return array.stream().map(OutputSchemas::rewrite).toList();
        }
        return node;
    }

    /** A definition has kept its place below the root; everything else has moved one level down. */
    private static String moved(String reference) {
        if (!(reference.equals("#") || reference.startsWith("#/"))
                || DEFINITIONS.stream().anyMatch(keyword -> reference.startsWith("#/" + keyword + "/"))) {
            return reference;
        }
        return OWN + reference.substring(1);
    }
}
