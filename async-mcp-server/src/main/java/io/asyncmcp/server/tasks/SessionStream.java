package io.asyncmcp.server.tasks;

import io.asyncmcp.server.transport.ClientSession;
import io.asyncmcp.server.transport.RequestStream;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a session is told of one of its tasks: on a {@code tasks/result} request while one waits, else between requests.
 *
 * <p>Carries notifications alone. Thread-safe.
 */
final class SessionStream implements RequestStream {

    /** Nothing starts here. */
    private static final ContextSnapshot NOTHING = ContextSnapshotFactory.builder()
            .contextRegistry(new ContextRegistry())
            .build()
            .captureAll();

    private final ClientSession session;

    private final Predicate<McpSchema.JSONRPCMessage> waiting;

    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

    /**
     * Creates the stream.
     *
     * @param waiting sends a message on a request that waits, or returns {@code false} if there is none
     */
    SessionStream(ClientSession session, Predicate<McpSchema.JSONRPCMessage> waiting) {
        this.session = session;
        this.waiting = waiting;
    }

    /** The session has ended. */
    void end() {
        gone.complete(null);
    }

    @Override
    public boolean isBidirectional() {
        return true;
    }

    @Override
    public Executor delivery() {
        return session.delivery();
    }

    @Override
    public void send(McpSchema.JSONRPCMessage message) {
        if (!waiting.test(message) && message instanceof JSONRPCNotification notification) {
            session.notify(notification.method(), notification.params());
        }
    }

    @Override
    public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
        return session.isLoggingAllowed(level);
    }

    @Override
    public CompletionStage<@Nullable Void> disconnected() {
        return gone;
    }

    @Override
    public CompletionStage<@Nullable Void> abandoned() {
        return gone;
    }

    @Override
    public ContextSnapshot contextSnapshot() {
        return NOTHING;
    }
}
