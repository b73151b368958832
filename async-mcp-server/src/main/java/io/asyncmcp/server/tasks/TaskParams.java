package io.asyncmcp.server.tasks;

import io.asyncmcp.OperationIds;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the params of requests about tasks, and refuses what does not fit. */
final class TaskParams {

    private static final String TASK = "task";

    private static final String TASK_ID = "taskId";

    private static final String TTL = "ttl";

    private static final String CURSOR = "cursor";

    private TaskParams() {}

    /** The params of a request as an object; empty if there are none. */
    static Map<?, ?> of(@Nullable Object params) {
        if (params == null) {
            return Map.of();
        }
        if (params instanceof Map<?, ?> object) {
            return object;
        }
        throw TaskErrors.invalid("The params must be an object.");
    }

    /** Tells whether a call asks for a task; it may still do so in a way that makes no sense. */
    static boolean asksForTask(@Nullable Object params) {
        return params instanceof Map<?, ?> object && object.containsKey(TASK);
    }

    /** The ttl a call asks for, or {@code null} if it leaves that to us. */
    static @Nullable Duration ttl(Map<?, ?> params) {
        if (!(params.get(TASK) instanceof Map<?, ?> task)) {
            throw TaskErrors.invalid("\"task\" must be an object, such as {\"ttl\": 600000}.");
        }
        if (!task.containsKey(TTL)) {
            return null;
        }
        if (!(task.get(TTL) instanceof Number number)) {
            throw TaskErrors.invalid("\"task.ttl\" must be a number of milliseconds. Leave it out for the default.");
        }
        double value = number.doubleValue();
        if (Double.isNaN(value) || value < 0) {
            throw TaskErrors.invalid("\"task.ttl\" must not be negative, but was " + number + ".");
        }
        // Not by BigDecimal, which would write out every digit of 1e-999999999. The cast cuts what no long holds.
        return Duration.ofMillis(number instanceof Long whole ? whole : (long) Math.ceil(value));
    }

    /**
     * The id of the task a request is about.
     *
     * @throws io.modelcontextprotocol.spec.McpError if it is missing, no text, or no id of ours
     */
    static String taskId(Map<?, ?> params) {
        if (!(params.get(TASK_ID) instanceof String id)) {
            throw TaskErrors.invalid("\"taskId\" must be a text. Pass the taskId of the task exactly as it was given.");
        }
        if (!OperationIds.isWellFormed(id)) {
            throw TaskErrors.notFound();
        }
        return id;
    }

    static @Nullable String cursor(Map<?, ?> params) {
        if (!params.containsKey(CURSOR)) {
            return null;
        }
        if (!(params.get(CURSOR) instanceof String cursor)) {
            throw TaskErrors.invalid("\"cursor\" must be a text. Pass the nextCursor of an earlier answer.");
        }
        return cursor;
    }

    /** The token to report progress under, or {@code null} if the client wants none. */
    static @Nullable Object progressToken(@Nullable Object params) {
        return params instanceof Map<?, ?> object && object.get("_meta") instanceof Map<?, ?> meta
                ? meta.get("progressToken")
                : null;
    }
}
