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
import java.util.function.Predicate;
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

    private static final int MAX_SERVER_NAME = 100;

    private static final String ELICITATION = "elicitation/create";

    /** After which time to ask again: {@code continue_operation} waits by itself, so there is no need to pause long. */
    private static final int POLL_SECONDS = 1;

    private final String continueToolName;

    private final String server;

    /**
     * Creates it.
     *
     * @param continueToolName the name of the tool that comes back for a result
     * @param serverName the name the server gives itself: other servers of a client may have a tool of the same name
     */
    public Answers(String continueToolName, String serverName) {
        this.continueToolName = continueToolName;
        this.server = OneLine.quoted(serverName, MAX_SERVER_NAME);
    }

    /**
     * The answer to a call whose operation goes on.
     *
     * @param operation the operation, with an id
     * @param canBeAsked which questions the client can be asked
     * @param now the present
     * @return the answer, not an error
     */
    public CallToolResult processing(Operation operation, Predicate<InputRequest> canBeAsked, Instant now) {
        boolean asking = !operation.pendingInputs().isEmpty();
        StringBuilder text = new StringBuilder(asking ? asking(operation, canBeAsked) : running(operation, now));
        text.append(" Do not call ")
                .append(operation.type())
                .append(" again: that would start the work a second time.");
        // Last, so that nothing it says can pass for what is to be done.
        String progress = ProgressTexts.of(operation.progress());
        if (!progress.isEmpty()) {
            text.append(" Progress as the tool reports it: ").append(progress).append('.');
        }
        Map<String, Object> structured = base("processing", operation, now);
        structured.put("message", text.toString());
        putProgress(structured, operation.progress());
        if (!asking) {
            structured.put("poll_after_seconds", POLL_SECONDS);
        }
        return answer(text.toString(), false, structured);
    }

    private String running(Operation operation, Instant now) {
        return operation.type() + " is still running after "
                + operation.elapsed(now).toSeconds() + " s. This is not an error. To get the result, "
                + comeBack(operation) + ".";
    }

    /** Where a person has been asked nothing can be done but to wait; a question that is not out yet needs a call. */
    private String asking(Operation operation, Predicate<InputRequest> canBeAsked) {
        List<InputRequest> pending = operation.pendingInputs();
        List<InputRequest> unasked =
                pending.stream().filter(input -> !input.delivered()).toList();
        if (!unasked.isEmpty() && unasked.stream().noneMatch(canBeAsked)) {
            return operation.type() + " has a question that your client cannot be asked: it has not declared the"
                    + " capability for " + unasked.get(0).method() + ", or the server keeps no sessions. This is not an"
                    + " error, and there is nothing for you to do: tell the user. A client that can be asked gets the"
                    + " question when it comes back for the operation with operation_id \"" + operation.requireId()
                    + "\"; if none does, " + operation.type() + " goes on without an answer.";
        }
        if (!unasked.isEmpty()) {
            return operation.type()
                    + " has a question that is still to be asked. This is not an error. To have it asked"
                    + " and to get the result, " + comeBack(operation) + ".";
        }
        boolean person = pending.stream().anyMatch(input -> input.method().equals(ELICITATION));
        String whom = person ? "the user" : "your client";
        return operation.type() + " is waiting for " + whom + " to answer a question. This is not an error, and until "
                + whom + " has answered there is nothing for you to do. To get the result, " + comeBack(operation)
                + ": it waits for the answer.";
    }

    /** Clients that have several servers give equal names of tools others, so that the name alone may lead elsewhere. */
    private String comeBack(Operation operation) {
        return "call " + continueToolName + " with operation_id \"" + operation.requireId()
                + "\" (the tool of that kind on the same server as " + operation.type() + ", " + server
                + ", whatever your client calls it)";
    }

    private static void putProgress(Map<String, Object> structured, @Nullable Progress known) {
        if (known == null) {
            return;
        }
        structured.put("progress", known.progress());
        if (known.total() != null) {
            structured.put("total", known.total());
        }
        if (known.message() != null) {
            structured.put("progress_message", ProgressTexts.message(known.message()));
        }
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
        String text = type + " was not started: " + rejection.getMessage() + ".";
        if (!retryAfter.isZero()) {
            text += " Call it again after " + retryAfter.toSeconds() + " s.";
        }
        Map<String, Object> structured = new LinkedHashMap<>();
        structured.put("status", "busy");
        structured.put("operation_type", type);
        structured.put("message", text);
        if (!retryAfter.isZero()) {
            structured.put("retry_after_seconds", retryAfter.toSeconds());
        }
        return answer(text, true, structured);
    }

    /**
     * The answer to an id that leads nowhere, whatever the reason. It may be another server's, where the work goes on.
     *
     * @return the answer, an error
     */
    public CallToolResult notFound() {
        return error("No operation is known under this operation_id on the server " + server
                + ". Check that it is exactly as it"
                + " was given. If another of your servers gave it, call the tool of that kind of that server: the work may"
                + " still be running there. If it is this server's, its result has expired. Do not start the work again"
                + " unless you know that, or the user wants it.");
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
        if (operation.status() == OperationStatus.COMPLETED) {
            text += " To get the result, " + comeBack(operation) + ".";
        }
        Map<String, Object> structured = base(word(operation.status()), operation, now);
        structured.put("message", text);
        return answer(text, false, structured);
    }

    /**
     * The answer to a list.
     *
     * @param operations what the caller may see
     * @param now the present
     * @return the answer, not an error
     */
    public CallToolResult list(List<Operation> operations, Instant now) {
        if (operations.isEmpty()) {
            return listed("There are no operations of yours on the server " + server + ".", List.of(), "");
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (Operation operation : operations) {
            String state = state(operation);
            Map<String, Object> row = base(word(operation.status()), operation, now);
            if (!state.isEmpty()) {
                row.put("message", state);
            }
            rows.add(row);
            lines.append('\n')
                    .append(operation.requireId())
                    .append(' ')
                    .append(operation.type())
                    .append(": ")
                    .append(word(operation.status()))
                    .append(", ")
                    .append(operation.elapsed(now).toSeconds())
                    .append(" s")
                    .append(state.isEmpty() ? "" : ", " + state);
        }
        return listed(
                "To get the result of one of these, call " + continueToolName + " of the server " + server
                        + " with its operation_id.",
                rows,
                lines.toString());
    }

    private static CallToolResult listed(String message, List<Map<String, Object>> rows, String lines) {
        Map<String, Object> structured = new LinkedHashMap<>();
        structured.put("message", message);
        structured.put("operations", rows);
        return answer(message + lines, false, structured);
    }

    /** What an operation does at the moment, if anything is known of it. */
    private static String state(Operation operation) {
        return switch (operation.status()) {
            case QUEUED -> "waiting for its turn";
            case WORKING -> ProgressTexts.of(operation.progress());
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

    private static CallToolResult answer(String text, boolean error, @Nullable Map<String, Object> structured) {
        return new CallToolResult(List.of(TextContent.builder(text).build()), error, structured, null);
    }
}
