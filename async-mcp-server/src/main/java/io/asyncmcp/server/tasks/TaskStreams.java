package io.asyncmcp.server.tasks;

import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tasks/result} requests that wait now. What a session is told of its task goes out on such a request's stream
 * while there is one, because not every client listens between its requests.
 *
 * <p>A request is answered when its task ends, which is also what its session is told of at that moment. So a
 * request is to be closed here and answered once all that has begun to be sent on its stream is out: nothing is sent on it
 * from then on, for it would go nowhere. Thread-safe.
 */
final class TaskStreams {

    /** A task, as a session knows it. */
    record Key(@Nullable String sessionId, String taskId) {}

    /** Never empty lists, which are replaced and not changed. */
    private final ConcurrentMap<Key, List<Waiting>> waiting = new ConcurrentHashMap<>();

    /** A request that waits, until the code that opened it closes it. */
    final class Waiting {

        private final Key key;

        private final RequestStream stream;

        private final CompletableFuture<@Nullable Void> quiet = new CompletableFuture<>();

        /** The threads that send just now, and the request itself until it is closed. Once there is nobody, nobody comes any more. */
        private final AtomicInteger users = new AtomicInteger(1);

        private Waiting(Key key, RequestStream stream) {
            this.key = key;
            this.stream = stream;
        }

        private boolean send(JSONRPCMessage message) {
            if (stream.isCut()) {
                // What is told meanwhile goes to a client that listens elsewhere, or nowhere.
                return false;
            }
            if (users.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
                return false;
            }
            try {
                stream.send(message);
            } finally {
                leave();
            }
            return true;
        }

        private void leave() {
            if (users.decrementAndGet() == 0) {
                quiet.complete(null);
            }
        }

        /**
         * Nothing more is to be sent on the stream. To be called once.
         *
         * @return ends when all that has begun to be sent on it is out
         */
        CompletionStage<@Nullable Void> close() {
            waiting.computeIfPresent(key, (same, present) -> {
                List<Waiting> others = new ArrayList<>(present);
                others.remove(this);
                return others.isEmpty() ? null : others;
            });
            leave();
            return quiet;
        }
    }

    Waiting open(@Nullable String sessionId, String taskId, RequestStream stream) {
        Waiting opened = new Waiting(new Key(sessionId, taskId), stream);
        waiting.compute(opened.key, (key, present) -> {
            List<Waiting> streams = present == null ? new ArrayList<>() : new ArrayList<>(present);
            streams.add(opened);
            return streams;
        });
        return opened;
    }

    /**
     * Sends a message on the stream of a session's latest request that waits for a task.
     *
     * @return {@code false} if there is none
     */
    boolean send(@Nullable String sessionId, String taskId, JSONRPCMessage message) {
        List<Waiting> streams = waiting.getOrDefault(new Key(sessionId, taskId), List.of());
        for (int i = streams.size() - 1; i >= 0; i--) {
            if (streams.get(i).send(message)) {
                return true;
            }
        }
        return false;
    }
}
