package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A client's session as a {@link Dialect} sees it: what the client said of itself, and a way to tell it things between its
 * requests.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public interface ClientSession {

    /** Returns the session's id, or {@code null} on a stateless transport. */
    @Nullable
    String id();

    /** Returns the protocol version that was agreed on, or {@code null} if it is not known, as on a stateless transport. */
    @Nullable
    String protocolVersion();

    /** Returns what the client can do, or {@code null} if they are not known. */
    @Nullable
    ClientCapabilities capabilities();

    /** Returns who the client says it is, or {@code null} if they are not known. */
    @Nullable
    Implementation info();

    /**
     * Tells whether the server has this one client and no other, as over stdio.
     *
     * @return {@code true} if so
     */
    boolean isOnlyClient();

    /**
     * Tells whether the client wants log messages of a level.
     *
     * @return {@code true} if it does
     */
    boolean isLoggingAllowed(McpSchema.LoggingLevel level);

    /**
     * Returns the threads to call {@link #notify} on.
     *
     * @return runs short tasks that may block on a slow client, in their order
     */
    Executor delivery();

    /**
     * Sends a notification outside of any request, if the client listens. Does nothing if it does not.
     *
     * @param method the notification's method
     * @param params its params, which can be written as JSON
     */
    void notify(String method, @Nullable Object params);

    /** Returns the stream on which the client listens between its requests, or {@code null} if it does not listen now. */
    @Nullable
    Listening listening();

    /** A stream on which a client listens between its requests. */
    interface Listening {

        /**
         * Sends a message. It may be lost with the stream. May block on a slow client: to be called on
         * {@link ClientSession#delivery}.
         *
         * @param message what to send
         */
        void send(McpSchema.JSONRPCMessage message);

        /**
         * Does something when the stream is closed; at once if it is.
         *
         * @param action what to do
         * @return what forgets it again
         */
        Runnable atClose(Runnable action);
    }

    /**
     * Does something when the session ends; at once if it has ended.
     *
     * @param action what to do
     * @return what forgets it again
     */
    Runnable atEnd(Runnable action);
}
