package io.asyncmcp.server.answer;

import io.asyncmcp.server.json.OrderedJson;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Output schemas of asynchronous tools, which may answer with their own result or with one of {@link Answers}.
 *
 * @since 0.1.0
 */
public final class OutputSchemas {

    /** What a value that is no object is the property of. */
    private static final String RESULT = "result";

    private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

    /** One of these says of a schema without a type that it is of objects. */
    private static final List<String> OF_OBJECTS =
            List.of("properties", "required", "additionalProperties", "patternProperties");

    private OutputSchemas() {}

    /**
     * Widens a schema so that our answers conform to it too. Clients check structured content against the published
     * schema, and some refuse what does not conform even if it is an error.
     *
     * @param own the tool's own schema, of objects
     * @return a schema with the tool's definitions at its root, where references from everywhere find them
     */
    public static Map<String, Object> widen(Map<String, Object> own) {
        Map<String, Object> widened = new LinkedHashMap<>();
        Object inner = moveInto(widened, own, "#/anyOf/0");
        widened.put("anyOf", List.of(inner, answerSchema()));
        return widened;
    }

    /**
     * Tells whether a schema is of objects alone. Others cannot be published: before 2026-07-28 a client that finds one
     * of them refuses the whole list of tools.
     *
     * @return {@code false} also if it is not known
     */
    public static boolean isObject(Map<String, Object> schema) {
        Object type = schema.get("type");
        return type == null
                ? OF_OBJECTS.stream().anyMatch(schema::containsKey)
                        || schema.get("$ref") instanceof String reference
                                && definition(schema, reference) instanceof Map<?, ?> definition
                                && "object".equals(definition.get("type"))
                : type.equals("object");
    }

    private static @Nullable Object definition(Map<String, Object> schema, String reference) {
        for (String keyword : DEFINITIONS) {
            String prefix = "#/" + keyword + "/";
            if (reference.startsWith(prefix) && schema.get(keyword) instanceof Map<?, ?> definitions) {
                return definitions.get(reference.substring(prefix.length()));
            }
        }
        return null;
    }

    /**
     * Makes a schema of objects out of any.
     *
     * @param own the schema of a value
     * @param nullable whether there may be none
     * @return the schema of what {@link #wrapped} makes of the value
     */
    public static Map<String, Object> wrap(Map<String, Object> own, boolean nullable) {
        String place = "#/properties/" + RESULT;
        Map<String, Object> wrapped = new LinkedHashMap<>();
        Object inner = moveInto(wrapped, own, nullable ? place + "/anyOf/0" : place);
        wrapped.put(
                "properties",
                Map.of(RESULT, nullable ? Map.of("anyOf", List.of(inner, Map.of("type", "null"))) : inner));
        wrapped.put("required", List.of(RESULT));
        return wrapped;
    }

    /**
     * Makes an object of a value.
     *
     * @param value any JSON value
     * @return an object with that value alone
     */
    public static Map<String, @Nullable Object> wrapped(@Nullable Object value) {
        return Collections.singletonMap(RESULT, value);
    }

    /** Leaves at the root what belongs there, and returns the rest as it is to stand at its new place. */
    private static Object moveInto(Map<String, Object> root, Map<String, Object> own, String place) {
        Map<String, Object> inner = OrderedJson.of(own);
        for (String keyword : List.of("$schema", "$id")) {
            Object value = inner.remove(keyword);
            if (value != null) {
                root.put(keyword, value);
            }
        }
        root.put("type", "object");
        for (String keyword : DEFINITIONS) {
            Object definitions = inner.remove(keyword);
            if (definitions != null) {
                root.put(keyword, rewrite(definitions, place));
            }
        }
        return rewrite(inner, place);
    }

    private static Map<String, Object> answerSchema() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("type", "string");
        status.put("enum", List.of("processing", "busy", "completed", "failed", "cancelled"));
        Map<String, Object> properties = new LinkedHashMap<>();
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
        properties.put(RESULT, Map.of("description", "The tool's result, if it does not have the form it should have"));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", "The result is not there yet, or there is none");
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", List.of("status", "operation_type"));
        return schema;
    }

    private static Object rewrite(Object node, String place) {
        if (node instanceof Map<?, ?> object) {
            Map<String, Object> copy = new LinkedHashMap<>();
            object.forEach((key, value) -> copy.put(
                    (String) key,
                    "$ref".equals(key) && value instanceof String reference
                            ? moved(reference, place)
                            : rewrite(value, place)));
            return copy;
        }
        if (node instanceof List<?> array) {
            return array.stream().map(element -> rewrite(element, place)).toList();
        }
        return node;
    }

    /** A definition has kept its place below the root; everything else has moved down. */
    private static String moved(String reference, String place) {
        if (!(reference.equals("#") || reference.startsWith("#/"))
                || DEFINITIONS.stream().anyMatch(keyword -> reference.startsWith("#/" + keyword + "/"))) {
            return reference;
        }
        return place + reference.substring(1);
    }
}
