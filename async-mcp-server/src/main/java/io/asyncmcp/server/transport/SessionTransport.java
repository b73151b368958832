package io.asyncmcp.server.transport;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The one transport of a client that has a single stream, which can send replies late.
 *
 * <p>Writes are serialized here: the SDK's stdio transport drops a message if two threads send at once.
 */
final class SessionTransport implements McpServerTransport {

    private final McpServerTransport transport;

    /** One task at a time: there is one stream, and whoever else wrote to it would only wait for it. */
    private final DeliveryLane delivery;

    /** Held while a message is handed to the transport, which queues it. */
    private final ReentrantLock writing = new ReentrantLock();

    /** The requests whose handlers have not replied yet, nor promised to. */
    private final ConcurrentMap<Object, OpenRequests.Request> unanswered = new ConcurrentHashMap<>();

    /** How requests without a reply are handled, where a dialect has a word to say. */
    private final ConcurrentMap<Object, Dialect.Handling> handlings = new ConcurrentHashMap<>();

    private final OpenRequests open = new OpenRequests();

    SessionTransport(McpServerTransport transport, Executor delivery) {
        this.transport = transport;
        this.delivery = new DeliveryLane(delivery, 1);
    }

    Executor delivery() {
        return delivery;
    }

    OpenRequests open() {
        return open;
    }

    void expectReply(Object requestId, OpenRequests.Request request) {
        unanswered.put(requestId, request);
    }

    void handledBy(Object requestId, Dialect.Handling handling) {
        handlings.put(requestId, handling);
    }

    /** Sends a reply when it is there, unless the client has given its request up by then. */
    void replyLater(Object requestId, CompletionStage<?> promise, OpenRequests.@Nullable Request request) {
        unanswered.remove(requestId);
        Replies.whenThere(promise, requestId, delivery, late -> {
            if (isCancelled(request)) {
                handlings.remove(requestId);
            } else {
                sendMessage(late).onErrorComplete().subscribe();
            }
        });
    }

    /** Asked when the reply is about to go out: a cancellation that comes later is too late. */
    private static boolean isCancelled(OpenRequests.@Nullable Request request) {
        return request != null && !request.reply();
    }

    /** A request whose reply is promised has been taken out already; what is left of others goes. */
    void forget(Object requestId) {
        if (unanswered.remove(requestId) != null) {
            handlings.remove(requestId);
        }
    }

    /** The SDK sends no reply for a handler that returns {@code null}. */
    Mono<Void> replyIfNone(Object requestId) {
        return Mono.defer(() -> {
            OpenRequests.Request request = unanswered.remove(requestId);
            return request == null || isCancelled(request) ? Mono.empty() : sendMessage(Replies.noResult(requestId));
        });
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        OpenRequests.Request request =
                message instanceof JSONRPCResponse response ? unanswered.remove(response.id()) : null;
        DeferredReply reply = DeferredReply.in(message);
        if (reply == null) {
            if (isCancelled(request)) {
                handlings.remove(((JSONRPCResponse) message).id());
                return Mono.empty();
            }
            JSONRPCMessage outgoing = message;
            if (message instanceof JSONRPCResponse response) {
                open.replied(response.id());
                Dialect.Handling handling = handlings.remove(response.id());
                outgoing = handling == null ? message : Replies.outgoing(message, handling);
            }
            return Writable.checked(Replies.withoutCauses(outgoing), transport)
                    .flatMap(safe -> Mono.create(sink -> write(safe, sink)));
        }
        replyLater(((JSONRPCResponse) message).id(), reply.result(), request);
        return Mono.empty();
    }

    private void write(JSONRPCMessage message, MonoSink<Void> sink) {
        writing.lock();
        try {
            transport.sendMessage(message).subscribe(null, sink::error, sink::success);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
        return transport.unmarshalFrom(data, typeRef);
    }

    @Override
    public List<String> protocolVersions() {
        return transport.protocolVersions();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return transport.closeGracefully();
    }

    @Override
    public void close() {
        transport.close();
    }
}
