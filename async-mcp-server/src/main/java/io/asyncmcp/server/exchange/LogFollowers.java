package io.asyncmcp.server.exchange;

import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The requests that wait for an operation now and get what its tool logs. What nobody waits for is not kept.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class LogFollowers {

    private final List<Consumer<LoggingMessageNotification>> followers = new CopyOnWriteArrayList<>();

    void add(Consumer<LoggingMessageNotification> follower) {
        followers.add(follower);
    }

    void remove(Consumer<LoggingMessageNotification> follower) {
        followers.remove(follower);
    }

    void log(LoggingMessageNotification message) {
        followers.forEach(follower -> follower.accept(message));
    }
}
