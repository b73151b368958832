package io.asyncmcp.server.transport;

import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The transport of one Streamable HTTP request, which can send the reply after everybody has let go of it.
 *
 * <p>Thread-safe, as far as the transport below is.
 */
final class DeferringTransport implements McpStreamableServerTransport, RequestStream {

    private final Object requestId;

    private final OpenRequests open;

    private final OpenRequests.Request request;

    /** Let go of with the reply: an operation that goes on holds on to this, and the endpoint to all of the request. */
    private volatile McpStreamableServerTransport transport;

    private final McpLoggableSession session;

    private final Executor delivery;

    private final ContextSnapshot snapshot;

    private final CompletableFuture<@Nullable Void> received = new CompletableFuture<>();

    /** Set before the request is handled. */
    private volatile Dialect.Handling handling = Dialect.Handling.AS_IT_IS;

    private final AtomicBoolean deferred = new AtomicBoolean();

    /** Set before the reply is handed to the transport. */
    private final AtomicBoolean replied = new AtomicBoolean();

    DeferringTransport(
            Object requestId,
            OpenRequests open,
            McpStreamableServerTransport transport,
            McpLoggableSession session,
            Executor delivery,
            ContextSnapshot snapshot) {
        this.requestId = requestId;
        this.open = open;
        this.request = open.opened(requestId);
        this.transport = transport;
        this.session = session;
        this.delivery = delivery;
        this.snapshot = snapshot;
        if (transport instanceof Writable.WritesFirst first) {
            first.received().thenRun(() -> received.complete(null));
            first.gone().thenRun(this::closed);
            first.lost().thenRun(request::cut);
        }
    }

    /** Does something once the request has its reply or gets none, and nothing holds on to it. */
    void whenOver(Runnable action) {
        request.whenOver(action);
    }

    /** Its handler has returned. */
    void handled() {
        request.handled();
    }

    void handledBy(Dialect.Handling chosen) {
        handling = chosen;
    }

    /** Sends a reply when it is there, and closes the stream. At once if it is there. */
    void replyLater(CompletionStage<?> promise) {
        request.promise(promise);
        deferred.set(true);
        Executor writing = transport instanceof Writable.WritesFirst ? DeliveryThreads.orVirtual(delivery) : delivery;
        JsonRpcResponses.whenThere(promise, requestId, writing, late -> {
            reply(JsonRpcResponses.outgoing(late, handling))
                    .onErrorComplete()
                    .doOnTerminate(() -> request.written())
                    .then(transport.closeGracefully())
                    .doFinally(end -> transport = Closed.INSTANCE)
                    .subscribe();
        });
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        if (message instanceof McpSchema.JSONRPCResponse) {
            request.answer();
        }
        JSONRPCMessage outgoing = JsonRpcResponses.withoutCauses(JsonRpcResponses.outgoing(message, handling));
        return message instanceof McpSchema.JSONRPCResponse ? reply(outgoing) : write(outgoing);
    }

    /** A request that its client has given up gets no reply; its stream ends all the same. */
    private Mono<Void> reply(JSONRPCMessage reply) {
        return Mono.defer(() -> {
            replying();
            return request.reply() ? write(reply) : Mono.empty();
        });
    }

    private Mono<Void> write(JSONRPCMessage message) {
        return Writable.checked(message, transport).flatMap(transport::sendMessage);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, @Nullable String messageId) {
        return Writable.checked(message, transport).flatMap(safe -> transport.sendMessage(safe, messageId));
    }

    @Override
    public Executor delivery() {
        return delivery;
    }

    @Override
    public void send(JSONRPCMessage message) {
        write(message).onErrorComplete().subscribe();
    }

    @Override
    public boolean isBidirectional() {
        return true;
    }

    @Override
    public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
        return session.isNotificationForLevelAllowed(level);
    }

    /** The reply is about to go out: it is too late to give the request up. */
    private void replying() {
        replied.set(true);
        open.forget(requestId, request);
    }

    /** The exchange is over. If there was no reply yet, nobody will get one. */
    private void closed() {
        if (!replied.get()) {
            open.forget(requestId, request);
            request.lost();
        }
    }

    void clientHasGone() {
        if (!deferred.get()) {
            closed();
        }
    }

    @Override
    public CompletionStage<@Nullable Void> cancelled() {
        return request.cancelled();
    }

    @Override
    public CompletionStage<@Nullable Void> replied() {
        return request.replied();
    }

    @Override
    public CompletionStage<@Nullable Void> disconnected() {
        return request.disconnected();
    }

    @Override
    public CompletionStage<@Nullable Void> abandoned() {
        return request.abandoned();
    }

    @Override
    public CompletionStage<@Nullable Void> gone() {
        return request.gone();
    }

    @Override
    public boolean isCut() {
        return transport instanceof Writable.WritesFirst first && first.isCut();
    }

    @Override
    public void whenCutOrResumed(Runnable action) {
        if (transport instanceof Writable.WritesFirst first) {
            first.whenCutOrResumed(action);
        }
    }

    @Override
    public CompletionStage<@Nullable Void> received() {
        return received;
    }

    @Override
    public ContextSnapshot contextSnapshot() {
        return snapshot;
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
        return transport.unmarshalFrom(data, typeRef);
    }

    /**
     * The stream stays open while a reply is on its way; sending it closes the stream. It never closes without a reply: the
     * SDK sends none for a handler that returns {@code null}.
     */
    @Override
    public Mono<Void> closeGracefully() {
        return Mono.defer(() -> {
            if (deferred.get()) {
                return Mono.empty();
            }
            replying();
            request.written();
            Mono<Void> reply = request.answer() && request.reply()
                    ? transport.sendMessage(JsonRpcResponses.noResult(requestId))
                    : Mono.empty();
            return reply.then(transport.closeGracefully()).doFinally(end -> transport = Closed.INSTANCE);
        });
    }

    @Override
    public void close() {
        if (!deferred.get()) {
            transport.close();
        }
    }

    /** Where everything has been said. */
    private static final class Closed implements McpStreamableServerTransport {

        static final Closed INSTANCE = new Closed();

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message, @Nullable String messageId) {
            return Mono.empty();
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
            return McpJsonDefaults.getMapper().convertValue(data, typeRef);
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }
    }
}
