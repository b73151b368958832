package io.asyncmcp.server.transport;

import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.answer.DefectLog;
import io.asyncmcp.server.answer.OneLine;
import io.asyncmcp.server.json.JsonFailures;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;

/** Turns a promise into the response that takes its place. */
final class JsonRpcResponses {

    private static final Logger logger = LoggerFactory.getLogger(JsonRpcResponses.class);

    private static final DefectLog defects = new DefectLog(logger);

    /** Jackson tells in the second line of its messages where it was; the first is about classes. */
    private static final String JACKSON_LOCATION = "\n at [";

    /** And where in an object it was. */
    private static final String JACKSON_PATH = "through reference chain: ";

    private static final String UNKNOWN_TOOL = "Unknown tool: invalid_tool_name";

    /** How much of what a client has sent comes back in an error, in characters. */
    private static final int MAX_NAMED = 200;

    private static final String TOOL_NOT_FOUND = "Tool not found: ";

    /** The SDK keeps them to itself from 2.1 on. */
    private static final boolean CAUSES_ARE_TOLD =
            !ClassUtils.hasMethod(McpStreamableServerSession.class, "hasOpenStream");

    private JsonRpcResponses() {}

    /**
     * Calls the sender once, when the promise has ended one way or the other: on this thread if it has, else where the executor
     * wants it.
     */
    static void whenThere(CompletionStage<?> promise, Object id, Executor writing, Consumer<JSONRPCResponse> sender) {
        BiConsumer<@Nullable Object, @Nullable Throwable> send =
                (result, error) -> sender.accept(response(id, result, error));
        if (promise.toCompletableFuture().isDone()) {
            promise.whenComplete(send);
        } else {
            promise.whenCompleteAsync(send, writing);
        }
    }

    static JSONRPCResponse response(Object id, @Nullable Object result, @Nullable Throwable error) {
        if (result != null) {
            return JSONRPCResponse.result(id, result);
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof McpError known && known.getJsonRpcError() != null) {
            return JSONRPCResponse.error(id, known.getJsonRpcError());
        }
        if (cause instanceof CancellationException) {
            return error(id, McpSchema.ErrorCodes.INTERNAL_ERROR, "the request was cancelled");
        }
        // Handlers turn what goes wrong into results; what arrives here is a defect of ours, and the client is told so.
        defects.log("A reply failed", cause);
        return error(id, McpSchema.ErrorCodes.INTERNAL_ERROR, "internal error");
    }

    /** The response with a dialect's word on it. */
    static JSONRPCMessage outgoing(JSONRPCMessage message, Dialect.Handling handling) {
        if (!(message instanceof JSONRPCResponse response) || response.result() == null) {
            return message;
        }
        try {
            return JSONRPCResponse.result(response.id(), handling.outgoing(response.result()));
        } catch (Throwable e) {
            return response(response.id(), null, e);
        }
    }

    /** The reply to a request whose handler threw instead of reporting an error. */
    static JSONRPCResponse failure(McpSchema.JSONRPCRequest request, Throwable error) {
        if (error instanceof McpError known && known.getJsonRpcError() != null) {
            return JSONRPCResponse.error(request.id(), known.getJsonRpcError());
        }
        if (error instanceof OperationRejectedException busy) {
            return busy(request, busy);
        }
        if (request.params() == null || error instanceof JacksonException) {
            logger.debug("The params of a request could not be read", JsonFailures.loggable(error));
            return invalidParams(request.id());
        }
        return response(request.id(), null, error);
    }

    /** A model reads results, and hosts tell it little of errors. */
    private static JSONRPCResponse busy(McpSchema.JSONRPCRequest request, OperationRejectedException busy) {
        String message = String.valueOf(busy.getMessage());
        long seconds = busy.retryAfter().toSeconds();
        if (request.method().equals(McpSchema.METHOD_TOOLS_CALL)
                && request.params() instanceof Map<?, ?> params
                && !params.containsKey("task")) {
            String again = seconds == 0 ? "" : " Call it again after " + seconds + " s.";
            return JSONRPCResponse.result(
                    request.id(),
                    McpSchema.CallToolResult.builder()
                            .addTextContent(params.get("name") + " was not started: " + message + "." + again)
                            .isError(true)
                            .build());
        }
        return JSONRPCResponse.error(
                request.id(),
                new JSONRPCResponse.JSONRPCError(
                        McpSchema.ErrorCodes.INTERNAL_ERROR, message, Map.of("retryAfterSeconds", seconds)));
    }

    /** The reply to a request whose handler returned nothing. */
    static JSONRPCResponse noResult(Object id) {
        logger.warn("A request handler returned no result, which is a defect of the handler; its client was told so");
        return error(id, McpSchema.ErrorCodes.INTERNAL_ERROR, "the server has no result for this request");
    }

    /** The reply in the place of one that cannot be written. */
    static JSONRPCResponse unwritable(Object id) {
        return error(
                id,
                McpSchema.ErrorCodes.INTERNAL_ERROR,
                "The reply cannot be written as JSON. This is a defect of the server.");
    }

    private static JSONRPCResponse error(Object id, int code, String message) {
        return JSONRPCResponse.error(id, new JSONRPCResponse.JSONRPCError(code, message, null));
    }

    static JSONRPCResponse notReady(Object id) {
        return error(
                id,
                McpSchema.ErrorCodes.INVALID_REQUEST,
                "The session is not initialized. Send initialize and then notifications/initialized first.");
    }

    static JSONRPCResponse invalidParams(Object id) {
        return error(id, McpSchema.ErrorCodes.INVALID_PARAMS, RequestRules.MISFIT);
    }

    private static boolean isOfJackson(@Nullable String text) {
        return text != null && (text.contains(JACKSON_LOCATION) || text.contains(JACKSON_PATH));
    }

    /**
     * Takes out the names of classes, which the SDK puts into the data of an error it did not expect: the classes of all
     * causes, and their messages.
     */
    static JSONRPCMessage withoutCauses(JSONRPCMessage message) {
        if (!(message instanceof JSONRPCResponse response) || response.error() == null) {
            return message;
        }
        if (UNKNOWN_TOOL.equals(response.error().message())
                && response.error().data() instanceof String data
                && data.startsWith(TOOL_NOT_FOUND)) {
            // The SDK names a tool that nobody asked for, and the one that was in the data alone.
            return error(
                    response.id(),
                    response.error().code(),
                    "Unknown tool: " + OneLine.of(data.substring(TOOL_NOT_FOUND.length()), MAX_NAMED));
        }
        if (response.error().code() == McpSchema.ErrorCodes.METHOD_NOT_FOUND) {
            return JSONRPCResponse.error(
                    response.id(),
                    new JSONRPCResponse.JSONRPCError(
                            response.error().code(),
                            OneLine.of(String.valueOf(response.error().message()), MAX_NAMED),
                            response.error().data()));
        }
        if (response.error().code() != McpSchema.ErrorCodes.INTERNAL_ERROR) {
            return message;
        }
        if (response.error().data() == null && isOfJackson(response.error().message())) {
            return invalidParams(response.id());
        }
        if (!(response.error().data() instanceof String causes)) {
            // Without them nobody can tell what Java wrote from what was written for people.
            return CAUSES_ARE_TOLD || response.error().data() != null
                    ? message
                    : error(response.id(), McpSchema.ErrorCodes.INTERNAL_ERROR, "internal error");
        }
        if (isOfJackson(causes)) {
            return invalidParams(response.id());
        }
        boolean writtenByJava = causes.startsWith("NullPointerException") || causes.startsWith("ClassCastException");
        return error(
                response.id(),
                McpSchema.ErrorCodes.INTERNAL_ERROR,
                writtenByJava ? "internal error" : response.error().message());
    }
}
