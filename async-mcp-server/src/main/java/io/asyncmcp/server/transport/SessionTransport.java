package io.asyncmcp.server.transport;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;

/**
 * The one transport of a client that has a single stream, which can send replies late.
 *
 * <p>Writes are serialized here: the SDK's stdio transport drops a message if two threads send at once.
 */
final class SessionTransport implements McpServerTransport {

    private final McpServerTransport transport;

    /** One task at a time: there is one stream, and a second writer would only wait for it. */
    private final DeliveryLane delivery;

    /** Held while a message is handed to the transport, which queues it. */
    private final ReentrantLock writing = new ReentrantLock();

    /** {@code null} if the transport has comments. */
    private final @Nullable Silence silence;

    private final OpenRequests open = new OpenRequests();

    SessionTransport(McpServerTransport transport, Executor delivery, @Nullable Silence silence) {
        this.transport = transport;
        this.delivery = new DeliveryLane(delivery, 1);
        this.silence = silence;
    }

    Executor delivery() {
        return delivery;
    }

    @Nullable
    Silence silence() {
        return silence;
    }

    OpenRequests open() {
        return open;
    }

    /** Whether the session is closed when its client has gone, as on our endpoint. */
    boolean tellsItsEnd() {
        return transport instanceof Writable.WritesFirst;
    }

    /**
     * Who is to have the reply that a handler gives, in the Reactor context of that handler: two requests may have the same id.
     *
     * @param request the request
     * @param handling the word that a dialect has to say
     */
    record Recipient(OpenRequests.Request request, Dialect.Handling handling) {

        Context in(Context context) {
            return context.put(Recipient.class, this);
        }
    }

    /** Sends a reply when it is there, unless the client has given its request up by then. */
    void replyLater(Object requestId, CompletionStage<?> promise, Recipient recipient) {
        recipient.request().promise(promise);
        JsonRpcResponses.whenThere(
                promise,
                requestId,
                delivery,
                late -> write(late, recipient).onErrorComplete().subscribe());
    }

    /** The SDK sends no reply for a handler that returns {@code null}. */
    Mono<Void> replyIfNone(Object requestId, Recipient recipient) {
        return Mono.defer(() ->
                recipient.request().answer() ? write(JsonRpcResponses.noResult(requestId), recipient) : Mono.empty());
    }

    /** The client has gone before there was a reply or the promise of one. */
    void giveUp(Object requestId, OpenRequests.Request request) {
        open.forget(requestId, request);
        request.written();
    }

    Mono<Void> reply(JSONRPCResponse response, Recipient recipient) {
        recipient.request().answer();
        return write(response, recipient);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        if (!(message instanceof JSONRPCResponse response)) {
            return write(message);
        }
        return Mono.deferContextual(context -> {
            Recipient recipient = context.getOrDefault(Recipient.class, null);
            if (recipient == null) {
                // Not from a handler.
                return write(JsonRpcResponses.withoutCauses(response));
            }
            return reply(response, recipient);
        });
    }

    /** It is decided when the reply is about to go out: a cancellation that comes later is too late. */
    private Mono<Void> write(JSONRPCResponse response, Recipient recipient) {
        OpenRequests.Request request = recipient.request();
        open.forget(response.id(), request);
        boolean wanted = request.reply();
        request.written();
        return wanted
                ? write(JsonRpcResponses.withoutCauses(JsonRpcResponses.outgoing(response, recipient.handling())))
                : Mono.empty();
    }

    private Mono<Void> write(JSONRPCMessage message) {
        return Writable.checked(message, transport).flatMap(safe -> Mono.create(sink -> write(safe, sink)));
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
