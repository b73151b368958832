package io.asyncmcp.web;

import io.asyncmcp.server.http.EventStream;
import io.asyncmcp.server.http.HttpExchange;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A client's session, and the streams of events that it may come back for. Thread-safe. */
final class HttpSession {

    private final McpStreamableServerSession session;

    private final String openedBy;

    private final CutStreams cut;

    /** By their ids: those that are open, and those that were cut. Guarded by this. */
    private final Map<String, EventStream> streams = new HashMap<>();

    /** Guarded by this. */
    private long streamCount;

    /** Guarded by this. */
    private int open;

    /** Guarded by this. */
    private long lastUsed;

    /** What has each stream at the moment. */
    private final Map<String, HttpExchange> connections = new ConcurrentHashMap<>();

    private volatile boolean closed;

    HttpSession(McpStreamableServerSession session, String openedBy, CutStreams cut) {
        this.session = session;
        this.openedBy = openedBy;
        this.cut = cut;
    }

    String id() {
        return session.getId();
    }

    McpStreamableServerSession session() {
        return session;
    }

    /** Who opened it, for that caller's share. */
    String openedBy() {
        return openedBy;
    }

    /**
     * An exchange of the session begins. Its events get ids that no other stream of the session has.
     *
     * @param exchange the exchange
     * @param listening whether the client listens on it between its requests
     */
    void begins(HttpExchange exchange, boolean listening) {
        String id;
        synchronized (this) {
            open++;
            id = EventId.stream(++streamCount, listening);
        }
        exchange.identify(id, events -> keep(id, events));
        exchange.ended().thenRun(this::ends);
        follow(exchange, id);
        if (listening && closed) {
            exchange.end();
        }
    }

    /**
     * Goes on with a stream whose connection was lost.
     *
     * @return {@code false} if what the client has not read is no longer there
     */
    boolean resumes(HttpExchange exchange, EventId last) {
        EventStream known = stream(last.stream());
        if (known == null || !exchange.continueWith(known, last.number(), last.isOfListening())) {
            return false;
        }
        HttpExchange before = connections.get(last.stream());
        if (before != null) {
            // Its connection is lost, be it that nobody has noticed.
            before.closed();
        }
        cut.remove(this, last.stream());
        follow(exchange, last.stream());
        // Headers go out with the first byte.
        known.greet();
        return true;
    }

    /** Looks after a stream until its connection ends. */
    private void follow(HttpExchange exchange, String id) {
        connections.put(id, exchange);
        exchange.whenWritten().thenRun(() -> {
            if (!connections.remove(id, exchange)) {
                // The client has come back on another one.
                return;
            }
            EventStream events = stream(id);
            if (events != null
                    && !events.isComplete()
                    && exchange.lost().toCompletableFuture().isDone()) {
                cut.add(this, id, events);
            } else {
                forget(id);
            }
        });
    }

    private synchronized void ends() {
        open--;
    }

    private synchronized void keep(String id, EventStream stream) {
        streams.put(id, stream);
    }

    synchronized void forget(String id) {
        streams.remove(id);
    }

    /** Returns a stream, or {@code null} if it is no longer there. */
    synchronized @Nullable EventStream stream(String id) {
        return streams.get(id);
    }

    /** Ends the streams on which the client listens, and lets go of those for which it can come back. */
    void close() {
        closed = true;
        connections.forEach((id, exchange) -> {
            if (EventId.isOfListening(id)) {
                exchange.end();
            }
        });
        cut.forgetAll(this);
    }

    boolean isClosed() {
        return closed;
    }

    synchronized void used(long now) {
        lastUsed = now;
    }

    /** Returns since when nothing goes on in the session, or {@code null} while something does. */
    synchronized @Nullable Long idleSince() {
        return open > 0 ? null : lastUsed;
    }
}
