package io.asyncmcp.server.transport;

import io.asyncmcp.server.ContextPropagation;
import io.asyncmcp.server.question.InputAnswers;
import io.asyncmcp.server.transport.PrincipalContext.KnownCaller;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A Streamable HTTP session whose replies may come late and whose client's answers may too.
 *
 * <p>It extends the SDK's class because the transport asks for that, and delegates everything: its own super class is
 * never used. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AsyncStreamableSession extends McpStreamableServerSession {

    private static final Logger logger = LoggerFactory.getLogger(AsyncStreamableSession.class);

    private final McpStreamableServerSession session;

    private final InputAnswers answers;

    private final RequestMemory memory;

    private final OpenRequests open = new OpenRequests();

    private final RootsChanges roots = new RootsChanges();

    /** Every request has a stream of its own, so that one which nobody reads does not hold up the rest at once. */
    private static final int STREAMS_AT_ONCE = 4;

    private final DeliveryLane delivery;

    private final Dialects dialects;

    private final KnownClient client;

    private final ListeningStreams listening;

    /** The open ones of this session, the latest first: that is where the client is told what no request asks for. */
    private final Deque<ListeningStream> latest = new ConcurrentLinkedDeque<>();

    AsyncStreamableSession(
            McpStreamableServerSession session,
            InputAnswers answers,
            RequestMemory memory,
            Executor delivery,
            Dialects dialects,
            ListeningStreams listening) {
        super(
                session.getId(),
                McpSchema.ClientCapabilities.builder().build(),
                McpSchema.Implementation.builder("unused", "0").build(),
                Duration.ofSeconds(1),
                Map.of(),
                Map.of());
        this.session = session;
        this.answers = answers;
        this.memory = memory;
        this.delivery = new DeliveryLane(delivery, STREAMS_AT_ONCE);
        this.dialects = dialects;
        this.client = new KnownClient(session.getId(), session, this.delivery, false, latest::peek);
        this.listening = listening;
        session.listeningStream(new Latest());
    }

    KnownClient client() {
        return client;
    }

    @Override
    public Mono<Void> responseStream(McpSchema.JSONRPCRequest request, McpStreamableServerTransport transport) {
        return PrincipalContext.known(LayeredTransportContext::in)
                .flatMap(caller -> answer(request, transport, caller));
    }

    /**
     * Answers a request whose caller is known.
     *
     * @param request the request
     * @param transport takes the response
     * @param caller who calls
     * @return ends when the request has been handled, or its reply is promised
     */
    public Mono<Void> responseStream(
            McpSchema.JSONRPCRequest request, McpStreamableServerTransport transport, KnownCaller caller) {
        return Mono.defer(() -> answer(request, transport, caller));
    }

    private Mono<Void> answer(
            McpSchema.JSONRPCRequest given, McpStreamableServerTransport transport, KnownCaller caller) {
        McpTransportContext context = caller.context();
        McpSchema.JSONRPCRequest request = RequestRules.known(given);
        DeferringTransport deferring = new DeferringTransport(
                request.id(), open, transport, session, delivery, ContextPropagation.capture(caller.view()));
        if (RequestRules.isMisfit(given)) {
            return deferring
                    .sendMessage(JsonRpcResponses.invalidParams(request.id()))
                    .then(deferring.closeGracefully());
        }
        Dialect.Handling handling;
        try {
            Runnable over = memory.open(PrincipalContext.caller(context), RequestMemory.weigh(request.params()));
            deferring.whenOver(over);
            handling = dialects.handle(new IncomingRequest(request, context, client, deferring));
            if (handling.answers()) {
                deferring.replyLater(handling.result());
                deferring.handled();
                return Mono.empty();
            }
        } catch (Throwable e) {
            deferring.handled();
            return deferring.sendMessage(JsonRpcResponses.failure(request, e)).then(deferring.closeGracefully());
        }
        deferring.handledBy(handling);
        McpTransportContext chosen = new LayeredTransportContext(context, handling.context());
        return session.responseStream(request, deferring)
                // The SDK answers what a handler reports, and lets through what it throws.
                .onErrorResume(e -> deferring.sendMessage(JsonRpcResponses.failure(request, e)))
                // The SDK leaves the stream of an unknown method open; closing twice does no harm.
                .then(deferring.closeGracefully())
                // WebFlux cancels when the client has gone before there was a reply or the promise of one.
                .doOnCancel(deferring::clientHasGone)
                .doFinally(end -> deferring.handled())
                .contextWrite(c -> c.put(McpTransportContext.KEY, chosen));
    }

    @Override
    public Mono<Void> accept(McpSchema.JSONRPCResponse response) {
        return PrincipalContext.known(LayeredTransportContext::in)
                .flatMap(caller -> accept(response, caller))
                .then();
    }

    /**
     * Why an answer of the client's is not accepted.
     *
     * @param reason for the client to read
     * @param busy whether it may be accepted later
     */
    public record Refusal(String reason, boolean busy) {}

    /**
     * Takes an answer of the client's.
     *
     * @param response the answer
     * @param caller who calls
     * @return why it is not accepted; empty if it is
     */
    public Mono<Refusal> accept(McpSchema.JSONRPCResponse response, KnownCaller caller) {
        return Mono.fromCompletionStage(() -> answers.take(response, caller.context(), getId()))
                .flatMap(outcome -> outcome.ours() ? taken(outcome) : passOn(response));
    }

    private static Mono<Refusal> taken(InputAnswers.Outcome outcome) {
        if (outcome.failed()) {
            // The client may answer again.
            return Mono.error(McpError.builder(McpSchema.ErrorCodes.INTERNAL_ERROR)
                    .message("internal error")
                    .build());
        }
        return Mono.justOrEmpty(outcome.refusal()).map(reason -> new Refusal(reason, outcome.busy()));
    }

    private Mono<Refusal> passOn(McpSchema.JSONRPCResponse response) {
        // The SDK fails the client's request with a server error if it does not know the id (any more).
        return session.accept(SdkLogs.printable(response))
                .onErrorResume(e -> {
                    logger.debug("A response to a request that is no longer waiting was dropped");
                    return Mono.empty();
                })
                .then(Mono.empty());
    }

    @Override
    public Mono<Void> accept(McpSchema.JSONRPCNotification notification) {
        McpSchema.JSONRPCNotification known = open.notice(notification) ? null : SdkLogs.printable(notification);
        return known == null ? Mono.empty() : roots.handled(known, session.accept(known));
    }

    @Override
    public String getId() {
        return session.getId();
    }

    @Override
    public void setMinLoggingLevel(McpSchema.LoggingLevel level) {
        session.setMinLoggingLevel(level);
    }

    @Override
    public boolean isNotificationForLevelAllowed(McpSchema.LoggingLevel level) {
        return session.isNotificationForLevelAllowed(level);
    }

    @Override
    public <T> Mono<T> sendRequest(String method, Object params, TypeRef<T> typeRef) {
        return session.sendRequest(method, params, typeRef);
    }

    @Override
    public Mono<Void> sendNotification(String method, Object params) {
        return session.sendNotification(method, params);
    }

    @Override
    public Mono<Void> delete() {
        return session.delete().doFinally(end -> gone());
    }

    @Override
    public McpStreamableServerSessionStream listeningStream(McpStreamableServerTransport transport) {
        ListeningStream stream = new ListeningStream(transport);
        latest.push(stream);
        stream.atClose(() -> latest.remove(stream));
        listening.opened(stream);
        // For its owner to close. The SDK's session knows one stream for all.
        return new McpStreamableServerSessionStream(stream);
    }

    /**
     * What the SDK's session takes for the stream on which the client listens: the latest of those that are open. A client may
     * have several, and close any of them.
     */
    private final class Latest implements McpStreamableServerTransport {

        @Override
        public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message) {
            return Mono.defer(() -> {
                ListeningStream open = latest.peek();
                return open == null
                        ? Mono.error(new IllegalStateException("the client does not listen"))
                        : open.sendMessage(message);
            });
        }

        @Override
        public Mono<Void> sendMessage(McpSchema.JSONRPCMessage message, @Nullable String messageId) {
            return sendMessage(message);
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
            return McpJsonDefaults.getMapper().convertValue(data, type);
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Flux.fromIterable(latest)
                    .flatMap(ListeningStream::closeGracefully)
                    .then();
        }

        @Override
        public void close() {
            latest.forEach(ListeningStream::close);
        }
    }

    @Override
    public Flux<McpSchema.JSONRPCMessage> replay(Object lastEventId) {
        return session.replay(lastEventId);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return session.closeGracefully().doFinally(end -> gone());
    }

    @Override
    public void close() {
        session.close();
        gone();
    }

    /** JsonRpcResponses still go out; but questions may be asked elsewhere. */
    private void gone() {
        open.lost();
        client.gone();
    }
}
