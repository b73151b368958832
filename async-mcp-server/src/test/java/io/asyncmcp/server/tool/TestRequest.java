package io.asyncmcp.server.tool;

import io.asyncmcp.server.transport.RequestStream;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The stream of a request whose client does as the test says. */
final class TestRequest implements RequestStream {

    private final CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> abandoned = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> disconnected = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> replied = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> received = new CompletableFuture<>();

    /** By {@code notifications/cancelled}. */
    void giveUp() {
        cancelled.complete(null);
        abandoned.complete(null);
    }

    void lose() {
        disconnected.complete(null);
        abandoned.complete(null);
    }

    /** On its stream, and has the reply. */
    void comeBack() {
        received.complete(null);
    }

    void reply() {
        replied.complete(null);
    }

    @Override
    public boolean isBidirectional() {
        return true;
    }

    @Override
    public Executor delivery() {
        return Runnable::run;
    }

    @Override
    public void send(McpSchema.JSONRPCMessage message) {}

    @Override
    public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
        return false;
    }

    @Override
    public CompletionStage<@Nullable Void> cancelled() {
        return cancelled;
    }

    @Override
    public CompletionStage<@Nullable Void> abandoned() {
        return abandoned;
    }

    @Override
    public CompletionStage<@Nullable Void> disconnected() {
        return disconnected;
    }

    @Override
    public CompletionStage<@Nullable Void> replied() {
        return replied;
    }

    @Override
    public CompletionStage<@Nullable Void> received() {
        return received;
    }

    @Override
    public ContextSnapshot contextSnapshot() {
        return ContextSnapshotFactory.builder().build().captureAll();
    }
}
