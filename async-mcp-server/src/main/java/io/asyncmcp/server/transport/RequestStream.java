package io.asyncmcp.server.transport;

import io.asyncmcp.server.question.Question;
import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one client request that is being answered: what else can be sent on it, and how late its reply may come.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public interface RequestStream {

    /**
     * Tells whether the client can be sent notifications and requests before the reply.
     *
     * @return {@code false} for a stateless transport, which can carry the reply alone
     */
    boolean isBidirectional();

    /**
     * Returns the threads to call {@link #send} on: the session's share of those that write to clients.
     *
     * @return runs short tasks that may block on a slow client, in their order
     */
    Executor delivery();

    /**
     * Sends a notification or a request before the reply. Does nothing once the reply is out. May block on a slow
     * client: to be called on {@link #delivery}, never on the thread of an operation.
     *
     * @param message what to send
     */
    void send(McpSchema.JSONRPCMessage message);

    /**
     * Asks the client something. Like {@link #send}.
     *
     * @param question what to ask
     * @param params the question's params as this client is to see them
     */
    default void ask(Question question, @Nullable Object params) {
        send(new McpSchema.JSONRPCRequest(question.input().method(), question.requestId(), params));
    }

    /**
     * Does something each time no progress has been sent for a heartbeat interval, where nothing else shows the client that its
     * request is still there. By default never: HTTP streams have comments. Ends with the request.
     *
     * @param action must not block
     * @return ends it earlier
     */
    default Runnable whenSilent(Runnable action) {
        return () -> {};
    }

    /**
     * Tells whether the client wants log messages of a level.
     *
     * @return {@code true} if it does
     */
    boolean isLoggingAllowed(McpSchema.LoggingLevel level);

    /**
     * Ends if the connection is lost before the reply is sent, or the reply could not be written, so that what was sent may
     * not have arrived. Never ends exceptionally.
     *
     * @return the news, which may come late or never: some transports only notice when they write
     */
    CompletionStage<@Nullable Void> disconnected();

    /**
     * Ends if the client gives the request up before the reply is sent, or its connection is lost, even if the reply could
     * not be written. Never ends exceptionally.
     *
     * @return the news, which may never come
     */
    CompletionStage<@Nullable Void> abandoned();

    /**
     * Ends if nobody can get the reply any more: the client has given the request up, or its connection is lost and it cannot come
     * back for what it has missed. Never ends exceptionally.
     *
     * @return the news, which is never earlier than that of {@link #abandoned}; it may never come
     */
    default CompletionStage<@Nullable Void> gone() {
        return abandoned();
    }

    /**
     * Tells whether the connection is lost, and the client may come back for what it has missed.
     *
     * @return {@code true} if nobody reads what is sent at present
     */
    default boolean isCut() {
        return false;
    }

    /**
     * Does something each time the connection is lost and the client may come back, and each time it has.
     *
     * @param action must not block
     */
    default void whenCutOrResumed(Runnable action) {}

    /**
     * Ends when the client, whose connection was lost, has come back and has the reply after all. Never ends exceptionally.
     *
     * @return the news, which may never come
     */
    default CompletionStage<@Nullable Void> received() {
        return new CompletableFuture<>();
    }

    /**
     * Ends if the client says that it gives the request up, and says so before the reply is sent. Never ends exceptionally.
     *
     * @return the news, which is always followed by that of {@link #abandoned}; it may never come
     */
    default CompletionStage<@Nullable Void> cancelled() {
        return new CompletableFuture<>();
    }

    /**
     * Ends when the reply has been written, or could not be. Never ends exceptionally.
     *
     * @return the news, which some transports never give; if the reply could not be written, that of {@link #abandoned} came first
     */
    default CompletionStage<@Nullable Void> replied() {
        return new CompletableFuture<>();
    }

    /** Returns what was in the context of the request's thread or reactive chain, to be carried over to the operation. */
    ContextSnapshot contextSnapshot();
}
