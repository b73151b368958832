package io.asyncmcp.server.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON objects as they come from a parser, whose types nobody vouches for.
 *
 * @since 0.1.0
 */
public final class JsonObjects {

    private JsonObjects() {}

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
