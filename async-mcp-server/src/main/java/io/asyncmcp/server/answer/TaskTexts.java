package io.asyncmcp.server.answer;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Progress;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is said of an operation that a client knows as a task, the same in every dialect of tasks.
 *
 * @since 0.1.0
 */
public final class TaskTexts {

    /** What a failed tool says may be long, and is there in full with the result. */
    private static final int MAX_MESSAGE = 500;

    private TaskTexts() {}

    /**
     * Names a state in MCP's words.
     *
     * @param status the state
     * @return the word
     */
    public static String status(OperationStatus status) {
        return switch (status) {
            case QUEUED, WORKING -> "working";
            case INPUT_REQUIRED -> "input_required";
            case COMPLETED -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    /**
     * Describes a state, for people and models.
     *
     * @param operation the operation
     * @param howToAnswer what the client does to answer a question
     * @return the message, or {@code null} if there is nothing to say
     */
    public static @Nullable String message(Operation operation, String howToAnswer) {
        if (operation.resultDropped()) {
            return "The result was dropped to make room for others.";
        }
        return switch (operation.status()) {
            case QUEUED -> "Waiting for its turn.";
            case WORKING -> progress(operation.progress());
            case INPUT_REQUIRED -> "Waiting for the answer to a question. " + howToAnswer;
            case COMPLETED -> null;
            case FAILED -> OneLine.of(failure(operation), MAX_MESSAGE);
            case CANCELLED -> "Cancelled.";
        };
    }

    private static @Nullable String progress(@Nullable Progress progress) {
        return progress == null ? null : ProgressTexts.of(progress);
    }

    /** Returns the text of a result. */
    public static String text(CallToolResult result) {
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

    /**
     * Says how long an operation is kept, counted from its creation.
     *
     * @param operation the operation
     * @param retention how long results are kept
     * @param now the present
     * @return what is sure at this moment: what was granted, or a retention period from now or from the end, whichever is
     *     later
     */
    public static Duration ttl(Operation operation, Duration retention, Instant now) {
        Duration sure = operation.elapsed(now).plus(retention);
        Duration granted = operation.ttl();
        return granted == null || granted.compareTo(sure) < 0 ? sure : granted;
    }

    /**
     * Writes a point in time.
     *
     * @param instant the point
     * @return as ISO 8601, to the millisecond
     */
    public static String iso(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
