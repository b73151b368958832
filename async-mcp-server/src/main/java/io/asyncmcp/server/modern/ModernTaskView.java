package io.asyncmcp.server.modern;

import io.asyncmcp.InputRequest;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.answer.FailureTexts;
import io.asyncmcp.server.answer.TaskTexts;
import io.asyncmcp.server.exchange.Capabilities;
import io.asyncmcp.server.json.JsonObjects;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows an operation as a task of the Tasks extension.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://github.com/modelcontextprotocol/ext-tasks/blob/main/specification/draft/tasks.md">Tasks</a>
 */
final class ModernTaskView {

    private static final String HOW_TO_ANSWER = "Answer it with tasks/update.";

    private static final String NOT_ASKED = "This client does not declare that it can be asked.";

    private final Answers answers;

    private final Duration retention;

    private final Function<String, Duration> pollIntervalOf;

    private final Clock clock;

    ModernTaskView(Answers answers, Duration retention, Function<String, Duration> pollIntervalOf, Clock clock) {
        this.answers = answers;
        this.retention = retention;
        this.pollIntervalOf = pollIntervalOf;
        this.clock = clock;
    }

    /** The result of a call that became a task. */
    Map<String, Object> created(Operation operation) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put(ModernProtocol.RESULT_TYPE, "task");
        result.putAll(task(operation, TaskTexts.status(operation.status()), HOW_TO_ANSWER));
        return result;
    }

    /**
     * The task with what its state brings: the result, the error or the questions.
     *
     * @param operation the operation
     * @param capabilities which questions the client can be shown
     */
    Map<String, Object> detailed(Operation operation, ClientCapabilities capabilities) {
        JSONRPCError error = error(operation);
        Map<String, Object> questions = operation.status() == OperationStatus.INPUT_REQUIRED
                ? inputRequests(operation, capabilities)
                : Map.of();
        Map<String, Object> task =
                task(operation, status(operation, error), questions.isEmpty() ? NOT_ASKED : HOW_TO_ANSWER);
        if (error != null) {
            task.put("error", JsonObjects.of(error));
        } else if (operation.status() == OperationStatus.COMPLETED || operation.status() == OperationStatus.FAILED) {
            // Exactly what the call would have been answered with.
            task.put("result", ModernResults.complete(answers.ended(operation, clock.instant())));
        } else if (operation.status() == OperationStatus.INPUT_REQUIRED) {
            task.put("inputRequests", questions);
        }
        return task;
    }

    /** A tool's own error is a result; only what the protocol calls an error makes a task fail. */
    private static String status(Operation operation, @Nullable JSONRPCError error) {
        return operation.status() == OperationStatus.FAILED && error == null
                ? TaskTexts.status(OperationStatus.COMPLETED)
                : TaskTexts.status(operation.status());
    }

    private static @Nullable JSONRPCError error(Operation operation) {
        McpError reported = ModernResults.reported(operation);
        if (reported != null) {
            return reported.getJsonRpcError();
        }
        OperationFailure failure = operation.failure();
        if (failure == null) {
            return null;
        }
        return switch (failure.reason()) {
            case EXCEPTION, ERROR_RESULT -> null;
            case LIFETIME_EXCEEDED, NOT_STARTED ->
                new JSONRPCError(
                        ErrorCodes.INTERNAL_ERROR, operation.type() + " failed: " + FailureTexts.of(failure), null);
        };
    }

    private Map<String, Object> task(Operation operation, String status, String howToAnswer) {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("taskId", operation.requireId());
        task.put("status", status);
        String message = TaskTexts.message(operation, howToAnswer);
        if (message != null) {
            task.put("statusMessage", message);
        }
        task.put("createdAt", TaskTexts.iso(operation.createdAt()));
        task.put("lastUpdatedAt", TaskTexts.iso(operation.updatedAt()));
        task.put("ttlMs", TaskTexts.ttl(operation, retention, clock.instant()).toMillis());
        task.put("pollIntervalMs", pollIntervalOf.apply(operation.type()).toMillis());
        return task;
    }

    private static Map<String, Object> inputRequests(Operation operation, ClientCapabilities capabilities) {
        Map<String, Object> questions = new LinkedHashMap<>();
        for (InputRequest input : operation.pendingInputs()) {
            if (Capabilities.canAnswer(capabilities, input)) {
                questions.put(input.key(), ModernResults.inputRequest(input.method(), input.params()));
            }
        }
        return questions;
    }
}
