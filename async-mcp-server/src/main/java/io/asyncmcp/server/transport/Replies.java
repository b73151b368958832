package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a promise into the response that takes its place. */
final class Replies {

    private static final Logger logger = LoggerFactory.getLogger(Replies.class);

    private Replies() {}

    /** Calls the sender on a delivery thread, once, when the promise has ended one way or the other. */
    static void whenThere(
            DeferredReply reply, JSONRPCMessage placeholder, Executor delivery, Consumer<JSONRPCResponse> sender) {
        Object id = ((JSONRPCResponse) placeholder).id();
        reply.result().whenCompleteAsync((result, error) -> sender.accept(response(id, result, error)), delivery);
    }

    static JSONRPCResponse response(Object id, @Nullable CallToolResult result, @Nullable Throwable error) {
        if (result != null) {
            return JSONRPCResponse.result(id, result);
        }
        // Handlers turn what goes wrong into results; what arrives here is a defect of ours, and the client is told so.
        logger.error("A reply failed", error);
        return JSONRPCResponse.error(
                id, new JSONRPCResponse.JSONRPCError(McpSchema.ErrorCodes.INTERNAL_ERROR, "internal error", null));
    }
}
