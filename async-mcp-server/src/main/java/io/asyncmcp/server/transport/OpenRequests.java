package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a session that have no reply yet, and the news that the client no longer waits for one of them.
 *
 * <p>Thread-safe.
 */
final class OpenRequests {

    private static final String CANCELLED = "notifications/cancelled";

    private final ConcurrentMap<Object, Request> open = new ConcurrentHashMap<>();

    private enum Answer {
        OPEN,
        REPLY,
        CANCELLED
    }

    /**
     * A request without a reply.
     *
     * @param answer what came first: a reply that goes out is too late for a cancellation, and the other way round
     * @param cancelled ends if the client says that it gives it up
     * @param abandoned ends if the client gives it up, or is lost
     * @param disconnected ends if the client is lost
     * @param replied ends when the reply has been written
     * @param before an earlier one under the same id, which should not be; {@code null} if there is none
     */
    record Request(
            AtomicReference<Answer> answer,
            CompletableFuture<@Nullable Void> cancelled,
            CompletableFuture<@Nullable Void> abandoned,
            CompletableFuture<@Nullable Void> disconnected,
            CompletableFuture<@Nullable Void> replied,
            @Nullable Request before) {

        Request(@Nullable Request before) {
            this(
                    new AtomicReference<>(Answer.OPEN),
                    new CompletableFuture<>(),
                    new CompletableFuture<>(),
                    new CompletableFuture<>(),
                    new CompletableFuture<>(),
                    before);
        }

        /** Returns whether the reply may go out; {@code false} if the client has given the request up before. */
        boolean reply() {
            answer.compareAndSet(Answer.OPEN, Answer.REPLY);
            return answer.get() == Answer.REPLY;
        }

        private void cancel() {
            if (answer.compareAndSet(Answer.OPEN, Answer.CANCELLED)) {
                cancelled.complete(null);
                abandoned.complete(null);
            }
        }

        void lost() {
            disconnected.complete(null);
            abandoned.complete(null);
        }

        /** Does something once the request is handled, and has its reply or gets none. */
        void whenOver(CompletionStage<?> handled, Runnable action) {
            CompletableFuture.allOf(handled.toCompletableFuture(), CompletableFuture.anyOf(replied, abandoned))
                    .whenComplete((over, error) -> action.run());
        }
    }

    Request opened(Object requestId) {
        return open.compute(requestId, (same, before) -> new Request(before));
    }

    /**
     * A request has its reply, or never gets one: a cancellation that comes from now on is too late. A later request with the same
     * id, which should not be, is left alone.
     */
    void forget(Object requestId, Request request) {
        open.remove(requestId, request);
    }

    /** The client is gone, with every request. */
    void lost() {
        open.forEach((requestId, request) -> {
            forget(requestId, request);
            for (Request each = request; each != null; each = each.before()) {
                each.lost();
            }
        });
    }

    void replied(Object requestId) {
        // Of those with the same id nobody can tell which one has its reply.
        for (Request each = open.remove(requestId); each != null; each = each.before()) {
            each.replied().complete(null);
        }
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
            Request request = requestId == null ? null : open.remove(requestId);
            if (request != null) {
                if (request.before() != null) {
                    open.putIfAbsent(requestId, request.before());
                }
                request.cancel();
            }
        }
        return cancels;
    }
}
