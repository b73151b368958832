package io.asyncmcp.server.tasks;

import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.answer.TaskTexts;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Shows an operation as a task of protocol 2025-11-25.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks#data-types">Tasks, data types</a>
 */
final class TaskView {

    private static final String STATUS = "notifications/tasks/status";

    private static final String IMMEDIATE_RESPONSE = "io.modelcontextprotocol/model-immediate-response";

    private static final String HOW_TO_ANSWER = "Call tasks/result to be asked.";

    private final ExecutorConfig config;

    private final Function<String, Duration> pollIntervalOf;

    private final Clock clock;

    TaskView(ExecutorConfig config, Function<String, Duration> pollIntervalOf, Clock clock) {
        this.config = config;
        this.pollIntervalOf = pollIntervalOf;
        this.clock = clock;
    }

    /** The task, as a result of {@code tasks/get} or {@code tasks/cancel}, in a list, or in a notification. */
    Map<String, Object> task(Operation operation) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("taskId", operation.requireId());
        task.put("status", TaskTexts.status(operation.status()));
        String message = TaskTexts.message(operation, HOW_TO_ANSWER);
        if (message != null) {
            task.put("statusMessage", message);
        }
        task.put("createdAt", TaskTexts.iso(operation.createdAt()));
        task.put("lastUpdatedAt", TaskTexts.iso(operation.updatedAt()));
        task.put(
                "ttl",
                TaskTexts.ttl(operation, config.retentionPeriod(), clock.instant())
                        .toMillis());
        if (!operation.status().isTerminal()) {
            task.put("pollInterval", pollIntervalOf.apply(operation.type()).toMillis());
        }
        return task;
    }

    /** The result of a call that became a task. A task begins as working, however quick its operation was. */
    Map<String, Object> created(Operation operation) {
        Map<String, Object> task = task(operation);
        if (operation.status() != OperationStatus.WORKING) {
            task.put("status", TaskTexts.status(OperationStatus.WORKING));
            task.remove("statusMessage");
            task.put("pollInterval", pollIntervalOf.apply(operation.type()).toMillis());
        }
        Map<String, Object> created = new LinkedHashMap<>();
        created.put("task", task);
        created.put(
                "_meta",
                Map.of(
                        IMMEDIATE_RESPONSE,
                        operation.type() + " runs in the background, as task " + operation.requireId()
                                + ". This is not an error, and its result follows when it is done. Do not call "
                                + operation.type() + " again for it: that would start the work a second time."));
        return created;
    }

    JSONRPCNotification statusNotification(Operation operation) {
        return new JSONRPCNotification(STATUS, task(operation));
    }
}
