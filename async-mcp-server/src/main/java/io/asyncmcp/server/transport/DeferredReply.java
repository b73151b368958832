package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A promise that travels from a tool handler to the wrapped transport in the place of a result.
 *
 * <p>The SDK's handlers return results, not promises, so that a handler which waits holds its thread. Ours returns a
 * placeholder result that carries this object; the wrapped transport recognizes it, lets the thread go, and sends the
 * real result when it is there. It is recognized by the object's class, which nothing that comes over the wire can have.
 *
 * @param result ends with the real result
 * @since 0.1.0
 */
public record DeferredReply(CompletionStage<CallToolResult> result) {

    private static final String KEY = DeferredReply.class.getName();

    /**
     * Wraps the promise into a result. It is marked as an error because the SDK does not check errors against the tool's
     * output schema.
     *
     * @return the placeholder
     */
    public CallToolResult asPlaceholder() {
        return new CallToolResult(List.of(), true, null, Map.of(KEY, this));
    }

    /**
     * Finds the promise in a message.
     *
     * @param message a message on its way out
     * @return the promise, or {@code null} if the message is an ordinary one
     */
    public static @Nullable DeferredReply in(JSONRPCMessage message) {
        return message instanceof JSONRPCResponse response
                        && response.result() instanceof CallToolResult result
                        && result.meta() != null
                        && result.meta().get(KEY) instanceof DeferredReply reply
                ? reply
                : null;
    }
}
