package io.asyncmcp.server.modern;

import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The way back to the client of one request, up to its response.
 *
 * <p>Thread-safe.
 */
interface Channel {

    /**
     * Sends a notification before the response; does nothing once that is out. To be called on {@link #delivery}.
     *
     * @param notification what to send
     */
    void send(JSONRPCNotification notification);

    /**
     * Does something each time the request has been silent for long; see {@link RequestStream#whenSilent}.
     *
     * @param action must not block
     * @return ends it earlier
     */
    default Runnable whenSilent(Runnable action) {
        return () -> {};
    }

    /**
     * Returns the threads that may write to the client.
     *
     * @return runs short tasks that may block on a slow client, in their order
     */
    Executor delivery();

    /**
     * Ends if the client goes, or gives the request up, before its response has arrived, as far as one can tell. Never ends
     * exceptionally.
     *
     * @return the news, which may never come
     */
    CompletionStage<@Nullable Void> lost();

    /**
     * Tells whether the server has this one client and no other.
     *
     * @return {@code false} over HTTP
     */
    default boolean isOnlyClient() {
        return false;
    }
}
