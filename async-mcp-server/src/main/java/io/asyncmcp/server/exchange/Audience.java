package io.asyncmcp.server.exchange;

import io.asyncmcp.Operation;
import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import org.jspecify.annotations.Nullable;

/**
 * Whom to tell what an operation does: no progress without a token, no questions without capabilities, and each message marked with
 * the task if {@code taskId} is set.
 *
 * @since 0.1.0
 */
public record Audience(
        RequestStream stream,
        @Nullable Object progressToken,
        @Nullable ClientCapabilities capabilities,
        @Nullable String taskId,
        @Nullable StatusListener statusListener) {

    /** Hears of an operation's states, one at a time and perhaps not of all. */
    public interface StatusListener {

        /** Called on a thread that may write to the client. */
        void changed(Operation operation, RequestStream stream);
    }

    /** The client of a plain call, or {@code null} if its transport can carry only the reply. */
    static @Nullable Audience of(ToolCall call) {
        RequestStream stream = call.stream();
        return stream == null || !stream.isBidirectional()
                ? null
                : new Audience(stream, call.request().progressToken(), call.capabilities(), null, null);
    }
}
