package io.asyncmcp.server.exchange;

import io.asyncmcp.TextLimit;
import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for an operation now and get what its tool logs; without any, messages are dropped. Thread-safe.
 *
 * @since 0.1.0
 */
public final class LogFollowers {

    private final int maxBytes;

    private final Set<Consumer<LoggingMessageNotification>> followers = ConcurrentHashMap.newKeySet();

    /** Creates an empty list; messages longer than {@code maxBytes} are cut. */
    public LogFollowers(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(Consumer<LoggingMessageNotification> follower) {
        followers.add(follower);
    }

    void remove(Consumer<LoggingMessageNotification> follower) {
        followers.remove(follower);
    }

    void log(LoggingMessageNotification message) {
        if (followers.isEmpty()) {
            return;
        }
        LoggingMessageNotification kept = cut(message);
        followers.forEach(follower -> follower.accept(kept));
    }

    /** Messages wait in memory for clients that are slow to read. */
    private LoggingMessageNotification cut(LoggingMessageNotification message) {
        boolean hugeMeta = JsonSize.of(message.meta(), maxBytes).exceedsLimit();
        return new LoggingMessageNotification(
                message.level(), cut(message.logger()), cut(message.data()), hugeMeta ? null : message.meta());
    }

    private @Nullable String cut(@Nullable String text) {
        return text == null ? null : TextLimit.cut(text, maxBytes);
    }
}
