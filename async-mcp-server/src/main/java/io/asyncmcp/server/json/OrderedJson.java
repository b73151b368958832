package io.asyncmcp.server.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives JSON the same bytes at every start. The keys of {@code Map.of} and of hash maps come in an order that differs from one
 * process to the next.
 *
 * @since 0.1.0
 */
public final class OrderedJson {

    private OrderedJson() {}

    /**
     * Sorts the keys of objects that have no order of their own, at any depth.
     *
     * @param object a JSON object as a map
     * @return a copy, in which objects whose keys have an order keep it
     */
    @SuppressWarnings("NullAway") // JSON has nulls, of which the SDK's types say nothing.
    public static Map<String, Object> of(Map<String, Object> object) {
        Map<String, Object> ordered = new LinkedHashMap<>();
        entries(object).forEach((key, value) -> ordered.put(String.valueOf(key), of(value)));
        return ordered;
    }

    /**
     * Tells whether JSON has an order of its own already.
     *
     * @param value maps, lists and simple values
     * @return {@code false} if there is an object among it whose keys have none
     */
    public static boolean isOrdered(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return hasOrder(object) && object.values().stream().allMatch(OrderedJson::isOrdered);
        }
        return !(value instanceof List<?> array) || array.stream().allMatch(OrderedJson::isOrdered);
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object of(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return of((Map<String, Object>) object);
        }
        if (value instanceof List<?> array) {
            List<@Nullable Object> ordered = new ArrayList<>(array.size());
            array.forEach(element -> ordered.add(of(element)));
            return ordered;
        }
        return value;
    }

    private static Map<?, ?> entries(Map<?, ?> object) {
        return hasOrder(object) ? object : new TreeMap<>(object);
    }

    private static boolean hasOrder(Map<?, ?> object) {
        return object instanceof LinkedHashMap || object instanceof SortedMap || object.size() < 2;
    }
}
