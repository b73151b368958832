package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a session that have no reply yet, and the news that the client no longer waits for one of them.
 *
 * <p>Thread-safe.
 */
final class OpenRequests {

    private static final String CANCELLED = "notifications/cancelled";

    /** Each ends if the client gives its request up before the reply. */
    private final ConcurrentMap<Object, CompletableFuture<@Nullable Void>> open = new ConcurrentHashMap<>();

    CompletableFuture<@Nullable Void> opened(Object requestId) {
        CompletableFuture<@Nullable Void> abandoned = new CompletableFuture<>();
        open.put(requestId, abandoned);
        return abandoned;
    }

    boolean isOpen(Object requestId) {
        return open.containsKey(requestId);
    }

    void replied(Object requestId) {
        open.remove(requestId);
    }

    /**
     * Takes note if a notification gives a request up.
     *
     * @return whether that is what the notification is for
     */
    boolean notice(JSONRPCNotification notification) {
        boolean cancels = CANCELLED.equals(notification.method());
        if (cancels && notification.params() instanceof Map<?, ?> params) {
            Object requestId = params.get("requestId");
            CompletableFuture<@Nullable Void> abandoned = requestId == null ? null : open.remove(requestId);
            if (abandoned != null) {
                abandoned.complete(null);
            }
        }
        return cancels;
    }
}
