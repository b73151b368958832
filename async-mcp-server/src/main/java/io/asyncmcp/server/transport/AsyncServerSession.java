package io.asyncmcp.server.transport;

import io.asyncmcp.server.ContextPropagation;
import io.asyncmcp.server.question.InputAnswers;
import io.asyncmcp.server.transport.SessionTransport.Recipient;
import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpServerSession;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * A session with one stream, stdio or SSE, whose replies may come late and whose client's answers may too.
 *
 * <p>It extends the SDK's class because the transport asks for that, and delegates everything: its own super class is
 * never used.
 */
final class AsyncServerSession extends McpServerSession {

    /** What a client may ask for at once, before it says that it is ready. */
    private static final int MAX_EARLY = 16;

    private static final long MAX_EARLY_WEIGHT = 64 * 1024;

    /** What a request holds on to of the HTTP request that brought it, which is over long before it is answered. */
    private static final long HTTP_REQUEST = 16 * 1024;

    private final McpServerSession session;

    private final SessionTransport transport;

    private final InputAnswers answers;

    private final RequestMemory memory;

    private final Dialects dialects;

    /** What is known of every caller, whatever the transport says: there is one client, which started the process. */
    private final Map<String, Object> callers;

    private final KnownClient client;

    private final RootsChanges roots = new RootsChanges();

    /** {@code null} if there is one client and no other. */
    private final @Nullable SessionOwners owners;

    /** Requests of a client that is not ready yet; {@code null} once it is. Guarded by this. */
    private @Nullable List<Early> early = new ArrayList<>();

    /** Guarded by this. */
    private long earlyWeight;

    /**
     * A request of a client that is not ready yet.
     *
     * @param handling handles it
     * @param over tells that nobody will
     */
    private record Early(Mono<Void> handling, Runnable over) {}

    AsyncServerSession(
            McpServerSession session,
            SessionTransport transport,
            InputAnswers answers,
            RequestMemory memory,
            Dialects dialects,
            @Nullable SessionOwners owners) {
        super(
                session.getId(),
                Duration.ofSeconds(1),
                transport,
                request -> Mono.error(new IllegalStateException("unused")),
                Map.of(),
                Map.of());
        this.session = session;
        this.transport = transport;
        this.answers = answers;
        this.memory = memory;
        this.dialects = dialects;
        boolean onlyClient = owners == null;
        this.owners = owners;
        this.callers = onlyClient ? PrincipalContext.of((Principal) null) : Map.of();
        OnlyStream only = new OnlyStream();
        this.client = new KnownClient(session.getId(), session, transport.delivery(), onlyClient, () -> only);
    }

    @Override
    public Mono<Void> handle(McpSchema.JSONRPCMessage message) {
        return PrincipalContext.known(view -> new LayeredTransportContext(LayeredTransportContext.in(view), callers))
                .flatMap(caller -> handle(message, caller.view(), caller.context()));
    }

    private boolean isForeign(McpTransportContext context) {
        if (owners == null) {
            return false;
        }
        // It is the caller that sends the first message: the stream was opened before, and its id told to nobody else.
        owners.openedBy(getId(), context);
        return owners.isForeign(getId(), context);
    }

    private Mono<Void> handle(McpSchema.JSONRPCMessage message, ContextView view, McpTransportContext context) {
        if (isForeign(context)) {
            return Mono.error(McpError.builder(McpSchema.ErrorCodes.INVALID_REQUEST)
                    .message(SessionOwners.NOT_FOUND)
                    .build());
        }
        if (message instanceof McpSchema.JSONRPCResponse response) {
            // One that cannot be taken is dropped, and its question stays open: an error here would end the server.
            return Mono.fromCompletionStage(() -> answers.take(response, context, getId()))
                    .flatMap(outcome -> outcome.ours() || !RequestRules.isAnswered(response.id())
                            ? Mono.empty()
                            : passOn(SdkLogs.printable(response), context));
        }
        if (message instanceof McpSchema.JSONRPCNotification notification) {
            McpSchema.JSONRPCNotification known =
                    transport.open().notice(notification) ? null : SdkLogs.printable(notification);
            Mono<Void> passedOn = known == null ? Mono.empty() : roots.handled(known, passOn(known, context));
            return notification.method().equals(McpSchema.METHOD_NOTIFICATION_INITIALIZED)
                    ? passedOn.then(Mono.fromRunnable(this::ready))
                    : passedOn;
        }
        if (message instanceof McpSchema.JSONRPCRequest request) {
            OpenRequests.Request opened = transport.open().opened(request.id());
            RequestStream stream = new SessionStream(ContextPropagation.capture(view), opened);
            return handle(request, view, context, stream, opened);
        }
        return passOn(message, context);
    }

    private Mono<Void> passOn(McpSchema.JSONRPCMessage message, McpTransportContext context) {
        return session.handle(message).contextWrite(c -> c.put(McpTransportContext.KEY, context));
    }

    private Mono<Void> handle(
            McpSchema.JSONRPCRequest given,
            ContextView view,
            McpTransportContext context,
            RequestStream stream,
            OpenRequests.Request opened) {
        // The only client may speak 2026-07-28 too.
        Set<String> answers = owners == null ? RequestRules.answers(given.method(), given.params()) : Set.of();
        Recipient unhandled = new Recipient(opened, Dialect.Handling.AS_IT_IS);
        if (RequestRules.isMisfit(given, answers)) {
            return transport.reply(JsonRpcResponses.invalidParams(given.id()), unhandled);
        }
        McpSchema.JSONRPCRequest request = owners == null ? given : RequestRules.known(given);
        Dialect.Handling handling;
        Runnable over;
        try {
            long weight = RequestMemory.weigh(request.params()) + (owners == null ? 0 : HTTP_REQUEST);
            over = memory.open(PrincipalContext.caller(context), weight);
            opened.whenOver(over);
            handling = dialects.handle(new IncomingRequest(request, context, client, stream));
            if (request.method().equals(McpSchema.METHOD_INITIALIZE)) {
                handling = new InitializeHandling(request, client, handling);
            } else if (handling.answers() && !handling.waitsForInitialized()) {
                return answered(request, handling, opened);
            }
        } catch (Throwable e) {
            opened.handled();
            return transport.reply(JsonRpcResponses.failure(request, e), unhandled);
        }
        if (handling.answers()) {
            Dialect.Handling chosen = handling;
            return onceReady(request, Mono.defer(() -> answered(request, chosen, opened)), over, unhandled);
        }
        Recipient recipient = new Recipient(opened, handling);
        McpTransportContext known = new LayeredTransportContext(context, handling.context());
        Mono<Void> work = session.handle(SdkLogs.printable(request))
                .onErrorResume(e -> transport.reply(JsonRpcResponses.failure(request, e), recipient))
                .then(transport.replyIfNone(request.id(), recipient))
                .doOnCancel(() -> transport.giveUp(request.id(), opened))
                .doFinally(end -> opened.handled())
                .contextWrite(c -> recipient.in(c).put(McpTransportContext.KEY, known));
        return request.method().equals(McpSchema.METHOD_INITIALIZE)
                ? work
                : onceReady(request, work.contextWrite(view), over, unhandled);
    }

    private Mono<Void> answered(
            McpSchema.JSONRPCRequest request, Dialect.Handling handling, OpenRequests.Request opened) {
        Recipient recipient = new Recipient(opened, Dialect.Handling.AS_IT_IS);
        try {
            transport.replyLater(request.id(), handling.result(), recipient);
            return Mono.empty();
        } catch (Throwable e) {
            return transport.reply(JsonRpcResponses.failure(request, e), recipient);
        } finally {
            opened.handled();
        }
    }

    /**
     * The SDK keeps early requests too, and on WebMVC their threads with them, for a client that never says so. A transport of the
     * application's own may not tell when it has gone, so that what would have to be given back then counts with ours alone.
     */
    private Mono<Void> onceReady(
            McpSchema.JSONRPCRequest request, Mono<Void> handling, Runnable over, Recipient unhandled) {
        synchronized (this) {
            if (early == null) {
                return handling;
            }
            long weight = RequestMemory.weigh(request.params());
            if (!request.method().equals(McpSchema.METHOD_PING)
                    && early.size() < MAX_EARLY
                    && earlyWeight + weight <= MAX_EARLY_WEIGHT) {
                early.add(new Early(handling, over));
                earlyWeight += weight;
                if (!transport.tellsItsEnd()) {
                    over.run();
                }
                return Mono.empty();
            }
        }
        over.run();
        return transport.reply(
                request.method().equals(McpSchema.METHOD_PING)
                        ? McpSchema.JSONRPCResponse.result(request.id(), Map.of())
                        : JsonRpcResponses.notReady(request.id()),
                unhandled);
    }

    private void ready() {
        early().forEach(request -> request.handling().onErrorComplete().subscribe());
    }

    private synchronized List<Early> early() {
        List<Early> waiting = early == null ? List.of() : early;
        early = null;
        return waiting;
    }

    /** The client's one stream, on which it listens as long as there is a session. */
    private final class OnlyStream implements ClientSession.Listening {

        @Override
        public void send(McpSchema.JSONRPCMessage message) {
            transport.sendMessage(message).onErrorComplete().subscribe();
        }

        @Override
        public Runnable atClose(Runnable action) {
            return client.atEnd(action);
        }
    }

    /** Every request shares the client's one stream, which outlives them all. */
    private final class SessionStream implements RequestStream {

        private final ContextSnapshot snapshot;

        private final OpenRequests.Request request;

        /** When progress was sent, or somebody began to look for silence. */
        private volatile long heard;

        SessionStream(ContextSnapshot snapshot, OpenRequests.Request request) {
            this.snapshot = snapshot;
            this.request = request;
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
        public boolean isBidirectional() {
            return true;
        }

        @Override
        public Executor delivery() {
            return transport.delivery();
        }

        /** Nothing but progress makes a client wait longer. */
        @Override
        public void send(McpSchema.JSONRPCMessage message) {
            Silence silence = transport.silence();
            if (silence != null
                    && message instanceof McpSchema.JSONRPCNotification notification
                    && notification.method().equals(McpSchema.METHOD_NOTIFICATION_PROGRESS)) {
                heard = silence.now();
            }
            transport.sendMessage(message).onErrorComplete().subscribe();
        }

        @Override
        public Runnable whenSilent(Runnable action) {
            Silence silence = transport.silence();
            if (silence == null) {
                return RequestStream.super.whenSilent(action);
            }
            heard = silence.now();
            Runnable end = silence.when(() -> heard, action);
            // Whatever becomes of those who wait.
            request.replied().thenRun(end);
            request.gone().thenRun(end);
            return end;
        }

        @Override
        public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
            return session.isNotificationForLevelAllowed(level);
        }

        @Override
        public ContextSnapshot contextSnapshot() {
            return snapshot;
        }
    }

    @Override
    public String getId() {
        return session.getId();
    }

    @Override
    public void init(McpSchema.ClientCapabilities capabilities, McpSchema.Implementation clientInfo) {
        session.init(capabilities, clientInfo);
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
    public Mono<Void> closeGracefully() {
        return session.closeGracefully().doFinally(end -> gone());
    }

    @Override
    public void close() {
        session.close();
        gone();
    }

    private void gone() {
        transport.open().lost();
        early().forEach(request -> request.over().run());
        client.gone();
    }
}
