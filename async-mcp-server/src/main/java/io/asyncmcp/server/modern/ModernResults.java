package io.asyncmcp.server.modern;

import io.asyncmcp.InputRequest;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.answer.DefectLog;
import io.asyncmcp.server.answer.FailureTexts;
import io.asyncmcp.server.answer.OneLine;
import io.asyncmcp.server.exchange.Capabilities;
import io.asyncmcp.server.json.JsonObjects;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what requests come to into results and errors of the protocol.
 *
 * <p>Thread-safe.
 */
final class ModernResults {

    private static final Logger logger = LoggerFactory.getLogger(ModernResults.class);

    private static final DefectLog defects = new DefectLog(logger);

    private final Answers answers;

    private final ModernTaskView tasks;

    private final ModernSettings settings;

    private final Clock clock;

    ModernResults(Answers answers, ModernTaskView tasks, ModernSettings settings, Clock clock) {
        this.answers = answers;
        this.tasks = tasks;
        this.settings = settings;
        this.clock = clock;
    }

    /** A final result, as the method's handler returns it. */
    Map<String, Object> complete(String method, Object value) {
        Map<String, Object> result = complete(value);
        if (ModernProtocol.CACHEABLE.contains(method)) {
            boolean read = method.equals(McpSchema.METHOD_RESOURCES_READ);
            result.put("ttlMs", (read ? settings.resourceTtl() : settings.listTtl()).toMillis());
            result.put("cacheScope", settings.cacheScope().name().toLowerCase(Locale.ROOT));
        }
        return result;
    }

    /** A final result of a method that nobody caches. */
    static Map<String, Object> complete(Object value) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put(ModernProtocol.RESULT_TYPE, "complete");
        result.putAll(JsonObjects.of(value));
        return result;
    }

    Map<String, Object> acknowledgement() {
        return Map.of(ModernProtocol.RESULT_TYPE, "complete");
    }

    static Map<String, Object> inputRequest(String method, @Nullable Object params) {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("method", method);
        if (params != null) {
            question.put("params", JsonObjects.of(params));
        }
        return question;
    }

    Map<String, Object> inputRequired(Map<String, Object> questions, String requestState) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put(ModernProtocol.RESULT_TYPE, "input_required");
        result.put("inputRequests", questions);
        result.put(ModernProtocol.REQUEST_STATE, requestState);
        return result;
    }

    /**
     * What the request that waits for an operation is answered with.
     *
     * @param request the request
     * @param operation how the operation stands at the end of the wait
     * @param taskable whether it becomes a task if it has not ended
     * @throws McpError if the handler has reported that error
     */
    Map<String, Object> of(ModernRequest request, Operation operation, boolean taskable) {
        if (!operation.status().isTerminal()) {
            return taskable
                    ? tasks.created(operation)
                    : complete(
                            request.method(),
                            answers.processing(
                                    operation,
                                    input -> Capabilities.canAnswer(
                                            request.meta().capabilities(), input),
                                    clock.instant()));
        }
        McpError reported = reported(operation);
        if (reported != null) {
            throw reported;
        }
        if (request.method().equals(McpSchema.METHOD_TOOLS_CALL)) {
            return complete(request.method(), answers.ended(operation, clock.instant()));
        }
        if (operation.result() == null) {
            throw ModernErrors.internal(
                    operation.failure() == null
                            ? "The server has no result for this request."
                            : operation.type() + " failed: " + FailureTexts.of(operation.failure()));
        }
        return complete(request.method(), operation.result());
    }

    /** The error that a handler threw to have its client told exactly that, or {@code null}. */
    static @Nullable McpError reported(Operation operation) {
        McpError error = FailureTexts.reported(operation.failure());
        return error == null ? null : new McpError(ModernErrors.translated(error.getJsonRpcError()));
    }

    /** What a client is told whose request waits for questions that it has not said it can answer, none of them. */
    static @Nullable McpError unanswerable(Operation operation, ClientCapabilities capabilities) {
        List<InputRequest> questions = operation.status().isTerminal() ? List.of() : operation.pendingInputs();
        if (questions.isEmpty()
                || questions.stream().anyMatch(question -> Capabilities.canAnswer(capabilities, question))) {
            return null;
        }
        Map<String, Object> required = new LinkedHashMap<>();
        questions.forEach(question -> required.putAll(Capabilities.required(question.method(), question.params())));
        return ModernErrors.missingCapability(required);
    }

    /** Tells whether an operation has ended and did not do what it should. */
    boolean isError(Operation operation) {
        return operation.failure() != null
                || operation.result() instanceof CallToolResult result && Boolean.TRUE.equals(result.isError());
    }

    /** What a client is told when a request fails. */
    McpError error(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof McpError known && known.getJsonRpcError() != null) {
            return known;
        }
        if (cause instanceof OperationNotFoundException) {
            return ModernErrors.taskNotFound();
        }
        if (cause instanceof OperationRejectedException rejected) {
            return ModernErrors.busy(
                    String.valueOf(rejected.getMessage()), rejected.retryAfter().toSeconds());
        }
        if (cause instanceof SecurityException) {
            logger.warn("A request was refused: {}", OneLine.of(String.valueOf(cause.getMessage()), 500));
            return ModernErrors.invalidRequest("This request needs an authenticated caller.");
        }
        defects.log("A request failed for a reason of ours", cause);
        return ModernErrors.internal("internal error");
    }
}
