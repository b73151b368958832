package io.asyncmcp.server.exchange;

import io.asyncmcp.Operation;
import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import org.jspecify.annotations.Nullable;

/**
 * Whom to tell what an operation does, and what of it.
 *
 * @param stream where to tell it
 * @param progressToken the token that progress goes out under, or {@code null} for no progress
 * @param capabilities which questions may be asked, or {@code null} for none
 * @param taskId the task that every message is marked with, or {@code null} for none
 * @param statusListener told of states too, or {@code null} for nobody
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

        /**
         * Called on a thread that may write to the client.
         *
         * @param operation how the operation stands
         * @param stream where to tell it
         */
        void changed(Operation operation, RequestStream stream);
    }

    /** The one who made a plain call, if its transport can carry more than the reply. */
    static @Nullable Audience of(ToolCall call) {
        RequestStream stream = call.stream();
        return stream == null || !stream.isBidirectional()
                ? null
                : new Audience(stream, call.request().progressToken(), call.capabilities(), null, null);
    }
}
