package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.ArrayList;
import java.util.List;
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

    /** By their ids, which should be different. A list is changed under the lock of its id. */
    private final ConcurrentMap<Object, List<Request>> open = new ConcurrentHashMap<>();

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
     */
    record Request(
            AtomicReference<Answer> answer,
            CompletableFuture<@Nullable Void> cancelled,
            CompletableFuture<@Nullable Void> abandoned,
            CompletableFuture<@Nullable Void> disconnected,
            CompletableFuture<@Nullable Void> replied) {

        Request() {
            this(
                    new AtomicReference<>(Answer.OPEN),
                    new CompletableFuture<>(),
                    new CompletableFuture<>(),
                    new CompletableFuture<>(),
                    new CompletableFuture<>());
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
        Request request = new Request();
        open.compute(requestId, (same, known) -> {
            List<Request> all = known == null ? new ArrayList<>(1) : known;
            all.add(request);
            return all;
        });
        return request;
    }

    /**
     * A request has its reply, or never gets one: a cancellation that comes from now on is too late. Others with the same id, which
     * should not be, are left alone.
     */
    void forget(Object requestId, Request request) {
        open.computeIfPresent(requestId, (same, known) -> {
            known.remove(request);
            return known.isEmpty() ? null : known;
        });
    }

    /** The client is gone, with every request. */
    void lost() {
        open.keySet().forEach(requestId -> taken(requestId).forEach(Request::lost));
    }

    void replied(Object requestId) {
        // Of those with the same id nobody can tell which one has its reply.
        taken(requestId).forEach(request -> request.replied().complete(null));
    }

    private List<Request> taken(Object requestId) {
        List<Request> all = open.remove(requestId);
        return all == null ? List.of() : all;
    }

    /**
     * Takes note if a notification gives a request up.
     *
     * @return whether that is what the notification is for
     */
    boolean notice(JSONRPCNotification notification) {
        boolean cancels = CANCELLED.equals(notification.method());
        if (cancels && notification.params() instanceof Map<?, ?> params && params.get("requestId") != null) {
            List<Request> last = new ArrayList<>(1);
            open.computeIfPresent(params.get("requestId"), (same, known) -> {
                last.add(known.remove(known.size() - 1));
                return known.isEmpty() ? null : known;
            });
            last.forEach(Request::cancel);
        }
        return cancels;
    }
}
