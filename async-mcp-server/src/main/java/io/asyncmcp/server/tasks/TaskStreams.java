package io.asyncmcp.server.tasks;

import io.asyncmcp.server.transport.RequestStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tasks/result} requests that wait now. What a session is told of its task goes out on such a request's stream
 * while there is one, because not every client listens between its requests.
 *
 * <p>Thread-safe.
 */
final class TaskStreams {

    private record Key(@Nullable String sessionId, String taskId) {}

    /** Never empty lists, which are replaced and not changed. */
    private final ConcurrentMap<Key, List<RequestStream>> waiting = new ConcurrentHashMap<>();

    void opened(@Nullable String sessionId, String taskId, RequestStream stream) {
        waiting.compute(new Key(sessionId, taskId), (key, present) -> {
            List<RequestStream> streams = present == null ? new ArrayList<>() : new ArrayList<>(present);
            streams.add(stream);
            return streams;
        });
    }

    void closed(@Nullable String sessionId, String taskId, RequestStream stream) {
        waiting.computeIfPresent(new Key(sessionId, taskId), (key, present) -> {
            List<RequestStream> streams = new ArrayList<>(present);
            streams.remove(stream);
            return streams.isEmpty() ? null : streams;
        });
    }

    /** The stream to tell a session something on; {@code null} if it has no request waiting for the task. */
    @Nullable
    RequestStream of(@Nullable String sessionId, String taskId) {
        List<RequestStream> streams = waiting.get(new Key(sessionId, taskId));
        return streams == null ? null : streams.get(streams.size() - 1);
    }
}
