package io.asyncmcp.server.answer;

import io.asyncmcp.InputRequest;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Progress;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are ours and not a tool's.
 *
 * <p>They are read by language models: short, complete, and with the exact next call. What they say is also there as
 * structured content, under names that {@link OutputSchemas} publishes. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Answers {

    /** After which time to ask again: {@code continue_operation} waits by itself, so there is no need to pause long. */
    private static final int POLL_SECONDS = 1;

    /** People take their time. */
    private static final int POLL_SECONDS_WHILE_ASKING = 5;

    private final String continueToolName;

    /**
     * Creates it.
     *
     * @param continueToolName the name of the tool that comes back for a result
     */
    public Answers(String continueToolName) {
        this.continueToolName = continueToolName;
    }

    /**
     * The answer to a call whose operation goes on.
     *
     * @param operation the operation, with an id
     * @param now the present
     * @return the answer, not an error
     */
    public CallToolResult processing(Operation operation, Instant now) {
        List<InputRequest> pending = operation.pendingInputs();
        long seconds = operation.elapsed(now).toSeconds();
        StringBuilder text = new StringBuilder();
        text.append(operation.type())
                .append(" is still running after ")
                .append(seconds)
                .append(" s");
        String progress = describe(operation.progress());
        if (!progress.isEmpty()) {
            text.append(" (").append(progress).append(')');
        }
        String message = "Still running. ";
        if (!pending.isEmpty()) {
            message = "Waiting for the user to answer a question. ";
            text.append(" and is waiting for the user to answer a question");
        }
        String next =
                "To get the result, call " + continueToolName + " with operation_id \"" + operation.requireId() + "\".";
        text.append(". This is not an error. ")
                .append(next)
                .append(" Do not call ")
                .append(operation.type())
                .append(" again: that would start the work a second time.");
        Map<String, Object> structured = base("processing", operation, now);
        // Some hosts show the model this and not the text.
        structured.put("message", message + next);
        Progress known = operation.progress();
        if (known != null) {
            structured.put("progress", known.progress());
            if (known.total() != null) {
                structured.put("total", known.total());
            }
            if (known.message() != null) {
                structured.put("progress_message", known.message());
            }
        }
        structured.put("poll_after_seconds", pending.isEmpty() ? POLL_SECONDS : POLL_SECONDS_WHILE_ASKING);
        return answer(text.toString(), false, structured);
    }

    /**
     * The answer for an operation that has ended.
     *
     * @param operation the operation
     * @param now the present
     * @return what the tool returned, untouched; or why there is nothing to return
     */
    public CallToolResult ended(Operation operation, Instant now) {
        if (operation.result() instanceof CallToolResult result) {
            return result;
        }
        if (operation.resultDropped()) {
            return ending(
                    operation,
                    operation.type() + " " + word(operation.status()) + ", but its result was dropped to make room for"
                            + " others. Call " + operation.type() + " again if it is still needed.",
                    now);
        }
        if (operation.status() == OperationStatus.CANCELLED) {
            return ending(operation, operation.type() + " was cancelled and has no result.", now);
        }
        return ending(operation, operation.type() + " failed: " + FailureTexts.of(operation.failure()), now);
    }

    private static CallToolResult ending(Operation operation, String text, Instant now) {
        Map<String, Object> structured = base(word(operation.status()), operation, now);
        structured.put("message", text);
        return answer(text, true, structured);
    }

    /**
     * The answer to a call that is not admitted.
     *
     * @param type the tool's name
     * @param rejection why
     * @return the answer, an error
     */
    public CallToolResult busy(String type, OperationRejectedException rejection) {
        Duration retryAfter = rejection.retryAfter();
        Map<String, Object> structured = new LinkedHashMap<>();
        structured.put("status", "busy");
        structured.put("operation_type", type);
        structured.put("message", String.valueOf(rejection.getMessage()));
        String text = type + " was not started: " + rejection.getMessage() + ".";
        if (!retryAfter.isZero()) {
            structured.put("retry_after_seconds", retryAfter.toSeconds());
            text += " Call it again after " + retryAfter.toSeconds() + " s.";
        }
        return answer(text, true, structured);
    }

    /**
     * The answer to an id that leads nowhere, whatever the reason.
     *
     * @return the answer, an error
     */
    public CallToolResult notFound() {
        return error(
                "No operation is known under this operation_id. It may be mistyped, or its result may have expired."
                        + " Use the operation_id exactly as it was given, or call the tool again.");
    }

    /**
     * An answer that says what is wrong with a call.
     *
     * @param text subject, value, rule and remedy
     * @return the answer, an error
     */
    public CallToolResult error(String text) {
        return answer(text, true, null);
    }

    /**
     * The answer to a cancellation.
     *
     * @param operation the operation after it
     * @param cancelled whether this call cancelled it
     * @param now the present
     * @return the answer, not an error
     */
    public CallToolResult cancellation(Operation operation, boolean cancelled, Instant now) {
        String text = cancelled
                ? operation.type() + " is cancelled. Its result, if it still comes, is dropped."
                : operation.type() + " had already ended as " + word(operation.status()) + ". Nothing was cancelled.";
        return answer(text, false, base(word(operation.status()), operation, now));
    }

    /**
     * The answer to a list.
     *
     * @param operations what the caller may see
     * @param now the present
     * @return the answer, not an error
     */
    public CallToolResult list(List<Operation> operations, Instant now) {
        List<Map<String, Object>> rows = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        if (operations.isEmpty()) {
            text.append("There are no operations.");
        }
        for (Operation operation : operations) {
            String state = state(operation);
            Map<String, Object> row = base(word(operation.status()), operation, now);
            if (!state.isEmpty()) {
                row.put("message", state);
            }
            rows.add(row);
            text.append(operation.requireId())
                    .append(' ')
                    .append(operation.type())
                    .append(": ")
                    .append(word(operation.status()))
                    .append(", ")
                    .append(operation.elapsed(now).toSeconds())
                    .append(" s")
                    .append(state.isEmpty() ? "" : ", " + state)
                    .append('\n');
        }
        return answer(text.toString().strip(), false, Map.of("operations", rows));
    }

    /** What an operation does at the moment, if anything is known of it. */
    private static String state(Operation operation) {
        return switch (operation.status()) {
            case QUEUED -> "waiting for its turn";
            case WORKING -> describe(operation.progress());
            case INPUT_REQUIRED -> "waiting for the user to answer a question";
            case COMPLETED, FAILED, CANCELLED -> "";
        };
    }

    private static Map<String, Object> base(String status, Operation operation, Instant now) {
        Map<String, Object> structured = new LinkedHashMap<>();
        structured.put("status", status);
        if (operation.id() != null) {
            structured.put("operation_id", operation.id());
        }
        structured.put("operation_type", operation.type());
        structured.put("elapsed_seconds", operation.elapsed(now).toMillis() / 1000.0);
        return structured;
    }

    private static String word(OperationStatus status) {
        return switch (status) {
            case QUEUED, WORKING, INPUT_REQUIRED -> "processing";
            case COMPLETED -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    private static String describe(@Nullable Progress progress) {
        if (progress == null) {
            return "";
        }
        String amount = number(progress.progress());
        if (progress.total() != null) {
            amount += " of " + number(progress.total());
        }
        return progress.message() == null ? amount : amount + ": " + progress.message();
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static CallToolResult answer(String text, boolean error, @Nullable Map<String, Object> structured) {
        return new CallToolResult(List.of(TextContent.builder(text).build()), error, structured, null);
    }
}
