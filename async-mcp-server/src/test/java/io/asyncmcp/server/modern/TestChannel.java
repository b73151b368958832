package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.doubles.ManualExecutor;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A client that remembers what it was sent, and goes when a test says so. */
final class TestChannel implements Channel {

    final List<JSONRPCNotification> sent = new CopyOnWriteArrayList<>();

    final ManualExecutor delivery = new ManualExecutor();

    private final CompletableFuture<@Nullable Void> lost = new CompletableFuture<>();

    void lose() {
        lost.complete(null);
    }

    /** The methods of what was sent. */
    List<String> methods() {
        return sent.stream().map(JSONRPCNotification::method).toList();
    }

    static Map<?, ?> params(JSONRPCNotification notification) {
        assertThat(notification.params()).isInstanceOf(Map.class);
        return (Map<?, ?>) notification.params();
    }

    @Override
    public void send(JSONRPCNotification notification) {
        sent.add(notification);
    }

    @Override
    public Executor delivery() {
        return delivery;
    }

    @Override
    public CompletionStage<@Nullable Void> lost() {
        return lost;
    }
}
