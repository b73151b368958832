package io.asyncmcp.server.json;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON objects as they come from a parser, whose types are not checked.
 *
 * @since 0.1.0
 */
public final class JsonObjects {

    private static final TypeRef<Map<String, Object>> JSON = new TypeRef<>() {};

    private JsonObjects() {}

    /** Returns a value as the JSON object that the SDK's mapper makes of it. */
    public static Map<String, Object> of(Object value) {
        return McpJsonDefaults.getMapper().convertValue(value, JSON);
    }

    /**
     * Copies an object, to change or to keep.
     *
     * @param value any JSON value
     * @return a mutable copy of its members in their order; empty if the value is no object
     */
    public static Map<String, Object> copy(@Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, member) -> copy.put(String.valueOf(name), member));
        }
        return copy;
    }
}
