package io.asyncmcp.server.http;

import io.asyncmcp.server.transport.DeliveryLane;
import io.asyncmcp.server.transport.Writable;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its response: one JSON object if that is all there is to say and it comes soon, a stream of events
 * otherwise. Nothing here blocks, and no stage ends exceptionally. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HttpExchange {

    private static final int OK = 200;

    private static final int SERVICE_UNAVAILABLE = 503;

    /** Heartbeats after which a client that takes nothing of a response in one piece counts as gone: a minute by default. */
    private static final int MAX_IDLE_BEATS = EventStream.MAX_SILENT_BEATS_WITHIN;

    private final MessageJson json;

    private final Executor delivery;

    private final ReplyMemory memory;

    private final OpenExchanges open;

    private final boolean alwaysStream;

    /** Set before anything large is replied. */
    private volatile String caller = "";

    /** Guarded by this. */
    private @Nullable String streamId;

    /** Guarded by this. */
    private boolean primes;

    /** Guarded by this. */
    private Consumer<EventStream> whenOpened = stream -> {};

    private final CompletableFuture<Response> response = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> written = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> lost = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> received = new CompletableFuture<>();

    private final List<Runnable> whenCutOrResumed = new CopyOnWriteArrayList<>();

    /** Whether its events are those of an earlier exchange. Guarded by this. */
    private boolean continues;

    /** Whether all of the response has been written. Guarded by this. */
    private boolean whole;

    /** Whether the client has lost its connection, and nothing else, before it has the response. Guarded by this. */
    private boolean wasCut;

    /** Dropped with the connection, unless the client may come back for it. Guarded by this. */
    private @Nullable EventStream events;

    /** Guarded by this. */
    private boolean over;

    private final CompletableFuture<@Nullable Void> stalled = new CompletableFuture<>();

    private volatile boolean takenSinceBeat;

    /** Used by the timer's thread alone. */
    private int idleBeats;

    /** Creates an exchange; with {@code alwaysStream}, what could be one JSON object is a stream of one event. */
    public HttpExchange(
            MessageJson json, Executor delivery, ReplyMemory memory, OpenExchanges open, boolean alwaysStream) {
        this.json = json;
        this.memory = memory;
        this.open = open;
        this.alwaysStream = alwaysStream;
        this.delivery = new DeliveryLane(delivery, 1);
    }

    /**
     * Gives the events ids that begin with {@code id}, for a client that comes back; must come before anything is sent. With
     * {@code primes} the client gets an id before there is an event, and {@code opened} is told of the stream if there is one.
     */
    public synchronized void identify(String id, boolean primes, Consumer<EventStream> opened) {
        streamId = id;
        this.primes = primes;
        whenOpened = opened;
    }

    /**
     * Says by whom exchanges and large replies are counted; call it once.
     *
     * @throws io.asyncmcp.OperationRejectedException if too many exchanges are open
     */
    public void calledBy(String known, OpenExchanges.Kind kind) {
        caller = known;
        if (open.begin(known, kind)) {
            written.thenRun(() -> open.end(known));
        }
    }

    /** How a request is responded to. */
    public sealed interface Response {

        /** A response in one piece; {@code headers} leaves out those of the body, which is JSON, or {@code null} for none. */
        record Single(int status, Map<String, String> headers, byte @Nullable [] body) implements Response {}

        /** A stream of events that ends with the JSON-RPC response; {@code headers} leaves out those that every stream has. */
        record Stream(Map<String, String> headers, EventStream events, long connection) implements Response {

            /** Begins to read. */
            public EventStream.Cursor read(EventStream.Reader reader) {
                return events.read(reader, connection);
            }
        }
    }

    /** Ends with how the request is responded to, once that is known. */
    public CompletionStage<Response> response() {
        return response;
    }

    /** The whole response has been written. */
    public void written() {
        boolean after;
        synchronized (this) {
            after = wasCut;
            whole = true;
        }
        written.complete(null);
        if (after) {
            received.complete(null);
        }
        gone.complete(null);
    }

    /** The connection is gone: the client has lost the response unless it was written before. */
    public void closed() {
        EventStream cut;
        synchronized (this) {
            cut = streamId == null || continues || whole ? null : events;
            wasCut |= cut != null && !written.isDone() && !lost.isDone();
            if (streamId == null || events == null || over) {
                over = true;
                events = null;
            }
        }
        if (!written.isDone()) {
            lost.complete(null);
        }
        written.complete(null);
        ended.complete(null);
        if (cut == null) {
            gone.complete(null);
        } else {
            cut.whenForgotten(this::forgotten);
            cutOrResumed();
        }
    }

    /** Goes on in a delivery thread: the caller holds locks that what follows may need. */
    private void forgotten() {
        try {
            delivery.execute(() -> gone.complete(null));
        } catch (RejectedExecutionException e) {
            // The server is shutting down, and nobody waits for anything any more.
        }
    }

    /** Ends when the response is written, or lost and the client cannot come back; in that case {@link #lost} ends first. */
    public CompletionStage<@Nullable Void> gone() {
        return gone;
    }

    /** Tells whether the connection is lost and the client may come back for what it has missed. */
    public synchronized boolean isCut() {
        return events != null && events.isCut();
    }

    /** Ends when a client that had lost the response has come back and has it after all. */
    public CompletionStage<@Nullable Void> received() {
        return received;
    }

    /** Runs an action, which must not block, whenever the connection is lost and the client may come back, or has come back. */
    public void whenCutOrResumed(Runnable action) {
        whenCutOrResumed.add(action);
    }

    private void cutOrResumed() {
        whenCutOrResumed.forEach(Runnable::run);
    }

    /** Ends when nothing more is said on this connection. */
    public CompletionStage<@Nullable Void> ended() {
        return ended;
    }

    /** Ends when the response has been written, or could not be; in that case {@link #lost} ends first. */
    public CompletionStage<@Nullable Void> whenWritten() {
        return written;
    }

    /** The connection has taken a part of a response in one piece. */
    public void taken() {
        takenSinceBeat = true;
    }

    /** Ends if the client takes nothing of a response in one piece for too long; needs a {@link Heartbeat} that watches. */
    public CompletionStage<@Nullable Void> stalled() {
        return stalled;
    }

    /** Ends if the client loses the response, as far as one can tell. */
    public CompletionStage<@Nullable Void> lost() {
        return lost;
    }

    /** Returns what runs short tasks in their order, on the threads that write to clients. */
    public Executor delivery() {
        return delivery;
    }

    /** Responds, and says nothing more; an open stream ignores the status. A reply that cannot become JSON becomes an error. */
    public void respond(int status, Object message) {
        respond(status, Map.of(), message);
    }

    /** Like {@link #respond(int, Object)}, with headers, which an open stream ignores too. */
    public void respond(int status, Map<String, String> headers, Object message) {
        synchronized (this) {
            if (over) {
                return;
            }
        }
        ReplyMemory.Share share = memory.open(caller);
        try {
            respond(status, headers, json.bytes(message, share), share::close);
        } catch (IOException | RuntimeException e) {
            if (!(message instanceof JSONRPCResponse reply)) {
                throw new IllegalStateException("a response cannot be written as JSON", e);
            }
            if (e instanceof MessageJson.NoRoomException) {
                // It counts as not given, so that the same call finds its result.
                notGiven();
                respond(SERVICE_UNAVAILABLE, headers, Writable.busy(reply.id()));
            } else {
                respond(status, headers, Writable.insteadOf(reply, e));
            }
        }
    }

    private void notGiven() {
        lost.complete(null);
        synchronized (this) {
            wasCut = false;
        }
    }

    /** Like {@link #respond(int, Map, Object)}, with the response as JSON, or {@code null} for none. */
    public void respond(int status, Map<String, String> headers, byte @Nullable [] body) {
        respond(status, headers, body, () -> {});
    }

    /** {@code afterwards} runs once the response is written or never will be, here or by a connection that takes up its stream. */
    private void respond(int status, Map<String, String> headers, byte @Nullable [] body, Runnable afterwards) {
        EventStream open;
        boolean late;
        EventStream first = null;
        synchronized (this) {
            late = over;
            if (!late && events == null && alwaysStream && status == OK && body != null) {
                first = newStream();
            }
            over = true;
            open = events;
        }
        if (late) {
            afterwards.run();
            return;
        }
        if (first != null) {
            response.complete(new Response.Stream(headers, first, EventStream.FIRST));
        }
        if (open == null) {
            written.thenRun(afterwards);
            response.complete(new Response.Single(status, headers, body));
        } else {
            open.end(body, afterwards);
        }
        ended.complete(null);
    }

    /** Ends without a response: what the client has given up gets none. */
    public void end() {
        EventStream open = openStream();
        if (open != null) {
            respond(200, Map.of(), null);
        }
    }

    /**
     * Sends a notification or a request before the response, or one of the replies that the stream carries; does nothing once the
     * response is out. Without room for a notification that nothing overtakes, the stream ends: its client does not read, and would
     * not learn of it otherwise. A reply without room becomes an error, unless the client reads none of them.
     *
     * @throws IOException if it cannot be written as JSON
     */
    public void send(JSONRPCMessage message) throws IOException {
        // A question that is not sent would be asked by nobody else.
        boolean question = message instanceof JSONRPCRequest;
        EventStream behind = farBehind();
        ReplyMemory.Share share = behind == null ? memory.open(caller) : memory.openExact(caller);
        byte[] body;
        try {
            body = question ? json.bytes(message) : json.bytes(message, share);
        } catch (MessageJson.NoRoomException e) {
            if (behind == null && message instanceof JSONRPCResponse reply) {
                send(Writable.busy(reply.id()));
            } else if (behind == null || !behind.isOvertaken()) {
                notGiven();
                end();
            }
            return;
        }
        EventStream open = openStream();
        if (open == null) {
            share.close();
        } else {
            open.send(body, question || message instanceof JSONRPCResponse, share::close);
        }
    }

    /** Returns the stream if its client has left much of it unread. */
    private synchronized @Nullable EventStream farBehind() {
        return events != null && events.isFarBehind() ? events : null;
    }

    /** Makes the response a stream and returns it; {@code null} if nothing more can be said. */
    public @Nullable EventStream openStream() {
        EventStream open;
        boolean first;
        synchronized (this) {
            if (over) {
                return null;
            }
            first = events == null;
            open = events == null ? newStream() : events;
        }
        if (first) {
            response.complete(new Response.Stream(Map.of(), open, EventStream.FIRST));
        }
        return open;
    }

    /** Guarded by this. */
    private EventStream newStream() {
        EventStream opened = new EventStream(streamId, this::written, this::closed, this::cutOrResumed);
        if (primes) {
            opened.prime();
        }
        whenOpened.accept(opened);
        events = opened;
        return opened;
    }

    /** Responds with another exchange's rewound stream; if {@code sends}, this one and not the other sends on it from now on. */
    public void continueWith(EventStream stream, long connection, boolean sends) {
        synchronized (this) {
            over = !sends;
            continues = true;
            events = stream;
        }
        response.complete(new Response.Stream(Map.of(), stream, connection));
    }

    synchronized boolean isStream() {
        return events != null;
    }

    /** Opens a stream or comments, as is due, and looks whether a response in one piece is being taken. */
    void beat(boolean streamIsDue, boolean heartbeatIsDue) {
        EventStream open;
        boolean whole;
        synchronized (this) {
            open = events;
            whole = over && events == null;
        }
        if (whole) {
            if (heartbeatIsDue) {
                idleBeats = takenSinceBeat ? 0 : idleBeats + 1;
                takenSinceBeat = false;
                if (idleBeats > MAX_IDLE_BEATS) {
                    stalled.complete(null);
                }
            }
            return;
        }
        if (open == null ? !streamIsDue : !heartbeatIsDue) {
            return;
        }
        try {
            delivery.execute(() -> {
                if (open != null) {
                    open.beat();
                    return;
                }
                EventStream opened = openStream();
                if (opened != null) {
                    opened.comment();
                }
            });
        } catch (RejectedExecutionException e) {
            // The server is shutting down, and the end of the stream will say so.
        }
    }
}
