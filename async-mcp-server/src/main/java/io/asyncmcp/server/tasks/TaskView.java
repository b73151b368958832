package io.asyncmcp.server.tasks;

import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Progress;
import io.asyncmcp.server.answer.FailureTexts;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /** What a failed tool says may be long, and is there in full with the result. */
    private static final int MAX_MESSAGE = 500;

    private final ExecutorConfig config;

    private final Duration pollInterval;

    private final Clock clock;

    TaskView(ExecutorConfig config, Duration pollInterval, Clock clock) {
        this.config = config;
        this.pollInterval = pollInterval;
        this.clock = clock;
    }

    /** The task, as a result of {@code tasks/get} or {@code tasks/cancel}, in a list, or in a notification. */
    Map<String, Object> task(Operation operation) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("taskId", operation.requireId());
        task.put("status", status(operation.status()));
        String message = message(operation);
        if (message != null) {
            task.put("statusMessage", message);
        }
        task.put("createdAt", iso(operation.createdAt()));
        task.put("lastUpdatedAt", iso(operation.updatedAt()));
        task.put("ttl", ttl(operation).toMillis());
        if (!operation.status().isTerminal()) {
            task.put("pollInterval", pollInterval.toMillis());
        }
        return task;
    }

    /** The result of a call that became a task. A task begins as working, however quick its operation was. */
    Map<String, Object> created(Operation operation) {
        Map<String, Object> task = task(operation);
        if (operation.status() != OperationStatus.WORKING) {
            task.put("status", status(OperationStatus.WORKING));
            task.remove("statusMessage");
            task.put("pollInterval", pollInterval.toMillis());
        }
        return Map.of(
                "task",
                task,
                "_meta",
                Map.of(
                        IMMEDIATE_RESPONSE,
                        operation.type() + " runs in the background, as task " + operation.requireId()
                                + ". Its result follows when it is done. Do not call " + operation.type()
                                + " again for it."));
    }

    JSONRPCNotification statusNotification(Operation operation) {
        return new JSONRPCNotification(STATUS, task(operation));
    }

    static String status(OperationStatus status) {
        return switch (status) {
            case QUEUED, WORKING -> "working";
            case INPUT_REQUIRED -> "input_required";
            case COMPLETED -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    /** What is sure at this moment: what was granted, or a retention period from now or from the end, whichever is later. */
    private Duration ttl(Operation operation) {
        Duration sure = operation.elapsed(clock.instant()).plus(config.retentionPeriod());
        Duration granted = operation.ttl();
        return granted == null || granted.compareTo(sure) < 0 ? sure : granted;
    }

    private static @Nullable String message(Operation operation) {
        if (operation.resultDropped()) {
            return "The result was dropped to make room for others.";
        }
        return switch (operation.status()) {
            case QUEUED -> "Waiting for its turn.";
            case WORKING -> progress(operation.progress());
            case INPUT_REQUIRED -> "Waiting for the answer to a question. Call tasks/result to be asked.";
            case COMPLETED -> null;
            case FAILED -> shortened(failure(operation));
            case CANCELLED -> "Cancelled.";
        };
    }

    private static @Nullable String progress(@Nullable Progress progress) {
        return progress == null ? null : progress.message();
    }

    static String text(CallToolResult result) {
        return result.content().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .collect(Collectors.joining("\n"));
    }

    private static String failure(Operation operation) {
        if (operation.result() instanceof CallToolResult result) {
            String text = text(result);
            return text.isBlank() ? "The tool reported an error." : text;
        }
        return operation.type() + " failed: " + FailureTexts.of(operation.failure());
    }

    private static String shortened(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 3) + "...";
    }

    private static String iso(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
