package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** A request, until it has its reply and what was to be waited for is over. */
    static final class Request {

        /** What came first: a reply that goes out is too late for a cancellation, and the other way round. */
        private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.OPEN);

        private final AtomicBoolean answered = new AtomicBoolean();

        private final CompletableFuture<@Nullable Void> cancelled = new CompletableFuture<>();

        private final CompletableFuture<@Nullable Void> abandoned = new CompletableFuture<>();

        private final CompletableFuture<@Nullable Void> disconnected = new CompletableFuture<>();

        private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

        private final CompletableFuture<@Nullable Void> replied = new CompletableFuture<>();

        private final CompletableFuture<@Nullable Void> handled = new CompletableFuture<>();

        /** Set before the request counts as handled. */
        private volatile @Nullable CompletionStage<?> promise;

        /** Ends if the client says that it gives the request up. */
        CompletionStage<@Nullable Void> cancelled() {
            return cancelled;
        }

        /** Ends if the client gives the request up, or is lost. */
        CompletionStage<@Nullable Void> abandoned() {
            return abandoned;
        }

        /** Ends if the client is lost. */
        CompletionStage<@Nullable Void> disconnected() {
            return disconnected;
        }

        /** Ends if the client gives the request up, or is lost and cannot come back for the reply. */
        CompletionStage<@Nullable Void> gone() {
            return gone;
        }

        /** Ends when the reply has been written. */
        CompletionStage<@Nullable Void> replied() {
            return replied;
        }

        /** Returns whether there was neither a reply nor the promise of one so far; from now on there is. */
        boolean answer() {
            return answered.compareAndSet(false, true);
        }

        /** The reply comes when this ends. */
        void promise(CompletionStage<?> reply) {
            answer();
            promise = reply;
        }

        /** Returns whether the reply may go out; {@code false} if the client has given the request up before. */
        boolean reply() {
            answer.compareAndSet(Answer.OPEN, Answer.REPLY);
            return answer.get() == Answer.REPLY;
        }

        /** The reply has been written, or there is none. */
        void written() {
            replied.complete(null);
        }

        private void cancel() {
            if (answer.compareAndSet(Answer.OPEN, Answer.CANCELLED)) {
                cancelled.complete(null);
                abandoned.complete(null);
                gone.complete(null);
            }
        }

        /** The connection is lost. The client may come back for the reply. */
        void cut() {
            disconnected.complete(null);
            abandoned.complete(null);
        }

        /** The client is lost for good. */
        void lost() {
            cut();
            gone.complete(null);
        }

        /** The handler has returned. What it has promised goes on. */
        void handled() {
            CompletionStage<?> promised = promise;
            if (promised == null) {
                handled.complete(null);
            } else {
                promise = null;
                promised.whenComplete((reply, error) -> handled.complete(null));
            }
        }

        /**
         * Does something once the request has its reply or gets none, and nothing holds on to it any more: what was promised to a
         * client that has gone is waited for all the same.
         */
        void whenOver(Runnable action) {
            CompletableFuture.allOf(handled, CompletableFuture.anyOf(replied, gone))
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
