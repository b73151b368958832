package io.asyncmcp.web;

import io.asyncmcp.server.http.EventStream;
import io.asyncmcp.server.http.HttpExchange;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client's session, and the streams for which it may come back. Thread-safe. */
final class HttpSession {

    private final McpStreamableServerSession session;

    private final String openedBy;

    private final ResumableStreams resumable;

    /** Open and cut streams by their ids. Guarded by this. */
    private final Map<String, EventStream> streams = new HashMap<>();

    /** Guarded by this. */
    private long streamCount;

    /** Guarded by this. */
    private int open;

    /** Guarded by this. */
    private long lastUsed;

    /** What has each stream at the moment, by its id. */
    private final Map<String, Connected> connections = new ConcurrentHashMap<>();

    /** Called when something in the session ends: until then it was in use. */
    private volatile Runnable whenUsed = () -> {};

    private volatile boolean closed;

    private volatile boolean primes;

    /** An exchange that has a stream, and the number of its connection. */
    private record Connected(HttpExchange exchange, long connection) {}

    HttpSession(McpStreamableServerSession session, String openedBy, ResumableStreams resumable) {
        this.session = session;
        this.openedBy = openedBy;
        this.resumable = resumable;
    }

    String id() {
        return session.getId();
    }

    McpStreamableServerSession session() {
        return session;
    }

    /** Notes the protocol version that its client has agreed to. */
    void speaks(String version) {
        // Clients of earlier versions take an event without data for a broken message.
        primes = version.compareTo(ProtocolVersions.MCP_2025_11_25) >= 0;
    }

    String openedBy() {
        return openedBy;
    }

    /** Begins an exchange with event ids unique in the session; if {@code listening}, the client listens on it between requests. */
    void begins(HttpExchange exchange, boolean listening) {
        String id;
        synchronized (this) {
            open++;
            id = EventId.stream(++streamCount, listening);
        }
        exchange.identify(id, primes && !listening, events -> keep(id, events));
        exchange.ended().thenRun(this::ends);
        Connected first = new Connected(exchange, EventStream.FIRST);
        connections.put(id, first);
        follow(first, id);
        if (listening && closed) {
            exchange.end();
        }
    }

    /** Goes on with a stream whose connection was lost; returns {@code false} if what the client missed is no longer there. */
    boolean resumes(HttpExchange exchange, EventId last) {
        String id = last.stream();
        EventStream known = stream(id);
        long connection = known == null ? EventStream.GONE : known.rewind(last.number());
        if (known == null || connection == EventStream.GONE) {
            return false;
        }
        Connected resumed = new Connected(exchange, connection);
        Connected before = takes(resumed, id);
        if (before != null) {
            // Its connection is lost, even if nobody has noticed.
            before.exchange.closed();
        }
        if (before != resumed) {
            resumable.remove(this, id);
            follow(resumed, id);
        }
        exchange.continueWith(known, connection, last.isOfListening());
        // Headers go out with the first byte.
        known.greet();
        return true;
    }

    /** Returns what had the stream before; itself if the client has come back on another connection meanwhile. */
    private @Nullable Connected takes(Connected resumed, String id) {
        AtomicReference<@Nullable Connected> before = new AtomicReference<>();
        connections.compute(id, (same, there) -> {
            boolean later = there == null || there.connection < resumed.connection;
            before.set(later ? there : resumed);
            return later ? resumed : there;
        });
        return before.get();
    }

    /** Keeps the stream for its client, or forgets it, when its connection ends. */
    private void follow(Connected connected, String id) {
        HttpExchange exchange = connected.exchange;
        exchange.whenWritten().thenRun(() -> {
            if (!connections.remove(id, connected)) {
                // The client has come back on another one.
                return;
            }
            EventStream events = stream(id);
            if (events == null) {
                return;
            }
            if (events.isComplete()
                    ? !EventId.isOfListening(id)
                    : exchange.lost().toCompletableFuture().isDone()) {
                resumable.add(this, id, events);
            } else {
                forget(id);
            }
        });
    }

    private void ends() {
        whenUsed.run();
        synchronized (this) {
            open--;
        }
    }

    void whenUsed(Runnable action) {
        whenUsed = action;
    }

    private synchronized void keep(String id, EventStream stream) {
        streams.put(id, stream);
    }

    synchronized void forget(String id) {
        streams.remove(id);
    }

    synchronized @Nullable EventStream stream(String id) {
        return streams.get(id);
    }

    /** Ends the streams on which the client listens, and drops those for which it can come back. */
    void close() {
        closed = true;
        connections.forEach((id, connected) -> {
            if (EventId.isOfListening(id)) {
                connected.exchange.end();
            }
        });
        resumable.forgetAll(this);
    }

    boolean isClosed() {
        return closed;
    }

    synchronized void used(long now) {
        lastUsed = now;
    }

    /** Returns since when the session is idle, or {@code null} while something goes on in it. */
    synchronized @Nullable Long idleSince() {
        return open > 0 ? null : lastUsed;
    }
}
