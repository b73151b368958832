package io.asyncmcp.server.modern;

import io.asyncmcp.server.json.JsonSize;
import io.asyncmcp.server.transport.DeliveryLane;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * One HTTP request and its response: a single JSON object if that is all there is to say and it comes at once, a stream of
 * events otherwise.
 *
 * <p>Nothing but an attempt to write tells that a client has gone, so that a response which takes its time becomes a stream
 * and shows signs of life. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HttpExchange implements Channel {

    /** Notifications kept for a client that does not read; what comes beyond is dropped, but never the response. */
    private static final int MAX_EVENTS = 512;

    /** What they take up in memory before the last of them. */
    private static final long MAX_EVENT_BYTES = 1024 * 1024;

    /** Signs of life that nobody begins to read. */
    private static final int MAX_UNREAD = 3;

    private final Executor delivery;

    private final CompletableFuture<Response> response = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> lost = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

    /** Let go of with the connection: whoever reads them holds on to all of the HTTP exchange. Guarded by this. */
    private @Nullable Events events;

    /** Guarded by this. */
    private boolean over;

    private volatile boolean written;

    /** Counted on {@link #delivery} alone, one task at a time. */
    private int unread;

    HttpExchange(Executor delivery) {
        this.delivery = new DeliveryLane(delivery, 1);
    }

    /** How a request is responded to. */
    public sealed interface Response {

        /**
         * A response in one piece.
         *
         * @param status the HTTP status
         * @param body the JSON-RPC response, to be written as JSON, or {@code null} for none
         */
        record Single(int status, @Nullable Object body) implements Response {}

        /**
         * A stream of events, whose last one is the JSON-RPC response.
         *
         * @param events the messages; an empty one is a comment, which only shows that the server is there
         */
        record Stream(Flux<Optional<JSONRPCMessage>> events) implements Response {}
    }

    /**
     * Returns how the request is responded to, once that is known.
     *
     * @return a stage that never ends exceptionally
     */
    public CompletionStage<Response> response() {
        return response;
    }

    /** Tells that the whole response has been handed over to be written; of a stream it is known without. */
    public void written() {
        written = true;
    }

    /** Tells that the connection is gone. Unless the response was written before, the client has lost it. */
    public void closed() {
        synchronized (this) {
            over = true;
            events = null;
        }
        ended.complete(null);
        if (!written) {
            lost.complete(null);
        }
    }

    /** Ends when nothing more can be said. */
    CompletionStage<@Nullable Void> ended() {
        return ended;
    }

    @Override
    public CompletionStage<@Nullable Void> lost() {
        return lost;
    }

    @Override
    public Executor delivery() {
        return delivery;
    }

    /**
     * Responds, and says nothing more. On {@link #delivery}, unless nothing was sent before.
     *
     * @param status the HTTP status, if it is not too late for one
     * @param body the response, or {@code null} for none
     */
    void respond(int status, @Nullable JSONRPCResponse body) {
        Events open;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            open = events;
        }
        if (open == null) {
            response.complete(new Response.Single(status, body));
        } else {
            open.end(body);
        }
        ended.complete(null);
    }

    /**
     * Responds to what is no request, before anything was sent.
     *
     * @param status the HTTP status
     * @param error what is wrong with it
     */
    void refuse(int status, JSONRPCError error) {
        closed();
        response.complete(new Response.Single(status, new ErrorWithoutId(McpSchema.JSONRPC_VERSION, error)));
    }

    /** The SDK's responses must have an id, which not everything that deserves an error has. */
    private record ErrorWithoutId(String jsonrpc, JSONRPCError error) {}

    @Override
    public void send(JSONRPCNotification notification) {
        emit(Optional.of(notification));
    }

    /** Shows that the server is there; from now on the response is a stream. */
    void signOfLife() {
        try {
            delivery.execute(() -> {
                emit(Optional.empty());
                giveUpIfNobodyReads();
            });
        } catch (RejectedExecutionException e) {
            // The server is shutting down, and whoever waits will be told so by the end of the stream.
        }
    }

    /** A client may go before whoever serves HTTP begins to read, and then nobody tells that it has. */
    private void giveUpIfNobodyReads() {
        Events open;
        synchronized (this) {
            open = over ? null : events;
        }
        if (open != null && !open.isRead() && ++unread > MAX_UNREAD) {
            closed();
            // Whoever begins to read at this moment gets an end too.
            open.end(null);
        }
    }

    /** Writes outside of the lock, which whoever tells of the connection's end must get without waiting for the client. */
    private void emit(Optional<JSONRPCMessage> event) {
        Events open;
        boolean first;
        synchronized (this) {
            if (over) {
                return;
            }
            first = events == null;
            if (events == null) {
                events = new Events();
            }
            open = events;
        }
        if (first) {
            response.complete(new Response.Stream(Flux.defer(this::read)));
        }
        open.emit(event);
    }

    private Flux<Optional<JSONRPCMessage>> read() {
        Events open;
        synchronized (this) {
            open = events;
        }
        // Whoever begins to read too late gets an end.
        return open == null
                ? Flux.empty()
                : open.read().doOnComplete(this::written).doOnCancel(this::closed);
    }

    /** What is on its way to the client, and who reads it. */
    private static final class Events {

        private final Queue<Optional<JSONRPCMessage>> queue =
                Queues.<Optional<JSONRPCMessage>>unboundedMultiproducer().get();

        /** What is in the queue, in bytes. */
        private final AtomicLong queued = new AtomicLong();

        private final Sinks.Many<Optional<JSONRPCMessage>> sink =
                Sinks.many().unicast().onBackpressureBuffer(queue);

        boolean isRead() {
            return sink.currentSubscriberCount() > 0;
        }

        Flux<Optional<JSONRPCMessage>> read() {
            return sink.asFlux().doOnNext(taken -> queued.addAndGet(-weight(taken)));
        }

        void emit(Optional<JSONRPCMessage> event) {
            // One is always taken, however large: it may be the end of a task, which comes once.
            if (queue.size() < MAX_EVENTS && queued.get() <= MAX_EVENT_BYTES) {
                queued.addAndGet(weight(event));
                sink.tryEmitNext(event);
            }
        }

        void end(@Nullable JSONRPCResponse response) {
            if (response != null) {
                sink.tryEmitNext(Optional.of(response));
            }
            sink.tryEmitComplete();
        }

        private static long weight(Optional<JSONRPCMessage> event) {
            Object params =
                    event.orElse(null) instanceof JSONRPCNotification notification ? notification.params() : null;
            Object said = params;
            if (params instanceof LoggingMessageNotification log) {
                said = log.data();
            } else if (params instanceof ProgressNotification progress) {
                said = progress.message();
            }
            return JsonSize.of(said, MAX_EVENT_BYTES).memory();
        }
    }
}
