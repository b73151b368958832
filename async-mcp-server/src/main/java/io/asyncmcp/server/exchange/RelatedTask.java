package io.asyncmcp.server.exchange;

import io.asyncmcp.server.json.JsonObjects;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Marks messages with the task that they are about.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#related-task-metadata">Tasks,
 *     related task metadata</a>
 * @since 0.1.0
 */
public final class RelatedTask {

    /** The key in {@code _meta}. */
    public static final String KEY = "io.modelcontextprotocol/related-task";

    private static final String META = "_meta";

    private RelatedTask() {}

    /** Returns a copy of the metadata with the mark. */
    public static Map<String, Object> mark(@Nullable Map<?, ?> meta, String taskId) {
        Map<String, Object> marked = JsonObjects.copy(meta);
        marked.put(KEY, Map.of("taskId", taskId));
        return marked;
    }

    /** Returns the params with the mark, or as they are if there is no task. */
    static @Nullable Object params(@Nullable Object params, @Nullable String taskId) {
        if (taskId == null) {
            return params;
        }
        Map<String, Object> json = params == null ? new LinkedHashMap<>() : new LinkedHashMap<>(JsonObjects.of(params));
        json.put(META, mark(json.get(META) instanceof Map<?, ?> meta ? meta : null, taskId));
        return json;
    }
}
