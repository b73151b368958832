package io.asyncmcp.server.answer;

import io.asyncmcp.OperationFailure;
import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of a failure.
 *
 * <p>What a tool throws for its caller to read is passed on; {@link ThrownTexts} tells it from what describes the inside of
 * the server, which the log has instead.
 *
 * @since 0.1.0
 */
public final class FailureTexts {

    /** Enough for people and models; beyond that it is a dump. */
    private static final int MAX_LENGTH = 2000;

    private static final int MAX_DATA = 16 * 1024;

    private static final String INTERNAL_ERROR = "an internal error";

    private FailureTexts() {}

    /**
     * Finds the error of the protocol that a tool threw to have its client told exactly that.
     *
     * @param failure what the operation knows of its failure, or {@code null} if it has none
     * @return the error, or {@code null} if it threw something else
     */
    public static @Nullable McpError reported(@Nullable OperationFailure failure) {
        return failure != null && failure.cause() instanceof McpError error && error.getJsonRpcError() != null
                ? error
                : null;
    }

    /**
     * Says why an operation failed.
     *
     * @param failure what the operation knows of it, or {@code null} if it knows nothing
     * @return what its caller is told
     */
    public static String of(@Nullable OperationFailure failure) {
        if (failure == null) {
            return "the tool returned no result";
        }
        if (failure.cause() == null) {
            return shortened(failure.message());
        }
        String text = ThrownTexts.forCaller(failure.cause());
        return text == null ? INTERNAL_ERROR : shortened(text);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "... (shortened)";
    }

    /**
     * Says what is kept of a failure for those who come back: the text they are told, and the error of a tool that chose one.
     *
     * @param failure a failure with its cause
     * @return a failure that is answered alike, and holds on to nothing of the tool's
     */
    public static OperationFailure kept(OperationFailure failure) {
        McpError chosen = failure.cause() instanceof McpError error && error.getJsonRpcError() != null
                ? kept(error.getJsonRpcError())
                : null;
        return new OperationFailure(failure.reason(), of(failure), chosen);
    }

    private static McpError kept(JSONRPCError error) {
        JsonSize data = JsonSize.of(error.data(), MAX_DATA);
        boolean huge = data.exceedsLimit() || data.memory() > MAX_DATA;
        McpError kept = new McpError(
                new JSONRPCError(error.code(), shortened(String.valueOf(error.message())), huge ? null : error.data()));
        kept.setStackTrace(new StackTraceElement[0]);
        return kept;
    }
}
