package io.asyncmcp.web;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.http.EventStream;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.OpenExchanges.Kind;
import io.asyncmcp.server.transport.AsyncStreamableSession;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.MessageFault;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.PrincipalContext.KnownCaller;
import io.asyncmcp.server.transport.RequestRules;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionStream;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The Streamable HTTP endpoint with sessions, for protocol versions up to 2025-11-25, and without, for 2026-07-28. Thread-safe.
 *
 * @since 0.1.0
 */
public final class StreamableHttpEndpoint extends McpHttpEndpoint implements McpStreamableServerTransportProvider {

    private static final Logger logger = LoggerFactory.getLogger(StreamableHttpEndpoint.class);

    private static final Duration LOOK_FOR_IDLE = Duration.ofSeconds(10);

    /** However short sessions may be. */
    private static final Duration LOOK_FOR_IDLE_AT_MOST = Duration.ofSeconds(1);

    /** How many idle sessions are tried to make room for a new one. */
    private static final int ATTEMPTS = 16;

    private final SessionOwners owners;

    private final Dialects dialects;

    private final SessionRules.Needed needed;

    private final List<String> methods;

    private final HttpSessions sessions;

    private final ResumableStreams resumable;

    private final AllSessions all;

    private volatile McpStreamableServerSession.@Nullable Factory factory;

    /** {@code dialects} add to the result of {@code initialize}; {@code ticker} times idle sessions and cut streams. */
    public StreamableHttpEndpoint(
            Settings settings, SessionRules rules, SessionOwners owners, Dialects dialects, Ticker ticker) {
        super(settings);
        this.owners = owners;
        this.dialects = dialects;
        this.needed = rules.needed();
        this.methods = rules.disallowDelete() ? List.of("GET", "POST") : List.of("GET", "POST", "DELETE");
        this.sessions = new HttpSessions(
                new HttpSessions.Limits(rules.idleTimeout(), rules.max(), Math.max(1, rules.max() / 2)), ticker);
        this.resumable = new ResumableStreams(ticker);
        this.all = new AllSessions(
                () -> sessions.all().stream().map(HttpSession::session).toList(), rules.keepAliveInterval());
        settings.heartbeat().every(lookForIdle(rules.idleTimeout()), this::expire);
    }

    /** No session lasts much more than twice as long as it may. */
    private static Duration lookForIdle(Duration idleTimeout) {
        if (idleTimeout.isZero() || idleTimeout.compareTo(LOOK_FOR_IDLE) > 0) {
            return LOOK_FOR_IDLE;
        }
        return idleTimeout.compareTo(LOOK_FOR_IDLE_AT_MOST) < 0 ? LOOK_FOR_IDLE_AT_MOST : idleTimeout;
    }

    /**
     * The rules of sessions.
     *
     * @param idleTimeout how long a session lasts in which nothing goes on; zero for ever
     * @param max how many there may be, of which one caller may have opened half; zero for any number
     * @param keepAliveInterval how often listening clients are asked whether they are still there; {@code null} for never
     */
    public record SessionRules(
            Duration idleTimeout,
            Needed needed,
            int max,
            boolean disallowDelete,
            @Nullable Duration keepAliveInterval) {

        /** Says whether an idle session is still needed. */
        public interface Needed {

            /** Ends with whether something can be had through this session alone; it then lasts as long again. Must not block. */
            CompletionStage<Boolean> test(String sessionId);
        }
    }

    /** Returns how many sessions are open. */
    public int sessions() {
        return sessions.size();
    }

    private void expire() {
        resumable.expire();
        sessions.idle()
                .forEach(session -> needed.test(session.id()).whenComplete((isNeeded, error) -> {
                    if (error == null && !isNeeded && sessions.expire(session)) {
                        end(session).subscribe();
                    } else {
                        // Not before the time is up once more: to look may be dear.
                        sessions.get(session.id());
                    }
                }));
    }

    private Mono<Void> end(HttpSession session) {
        session.close();
        owners.ended(session.id());
        return session.session().delete().onErrorResume(e -> {
            logger.debug("A session could not be ended: {}", e.getClass().getName());
            return Mono.empty();
        });
    }

    @Override
    public void setSessionFactory(McpStreamableServerSession.Factory sessionFactory) {
        factory = sessionFactory;
    }

    @Override
    List<String> methods() {
        return methods;
    }

    // ---- POST ------------------------------------------------------------------------------------------------------

    @Override
    Mono<Void> posted(JSONRPCMessage message, HttpRequest request, HttpExchange exchange) {
        if (message instanceof JSONRPCRequest initialize && initialize.method().equals(McpSchema.METHOD_INITIALIZE)) {
            return begin(
                    request.caller(),
                    exchange,
                    Kind.REQUEST,
                    caller -> initialize(initialize, caller.context(), exchange));
        }
        Kind kind = message instanceof JSONRPCRequest ? Kind.REQUEST : Kind.SHORT;
        return begin(request.caller(), exchange, kind, caller -> {
            HttpSession session = session(request, caller.context());
            if (message instanceof JSONRPCRequest called) {
                session.begins(exchange, false);
                return session.session() instanceof AsyncStreamableSession known
                        ? known.responseStream(called, transport(exchange), caller)
                        : session.session().responseStream(called, transport(exchange));
            }
            Mono<Void> taken = message instanceof JSONRPCResponse response
                    ? accept(session.session(), response, caller, exchange)
                    : session.session().accept((JSONRPCNotification) message);
            return taken.then(Mono.fromRunnable(() -> exchange.respond(202, Map.of(), null)));
        });
    }

    private Mono<Void> accept(
            McpStreamableServerSession session, JSONRPCResponse response, KnownCaller caller, HttpExchange exchange) {
        return session instanceof AsyncStreamableSession known
                ? known.accept(response, caller)
                        .doOnNext(refusal -> fail(exchange, EndpointErrors.refused(refusal)))
                        .then()
                : session.accept(response);
    }

    private ExchangeTransport transport(HttpExchange exchange) {
        return ExchangeTransport.ofRequest(exchange, mapper());
    }

    private HttpSession session(HttpRequest request, McpTransportContext caller) {
        List<String> ids = request.headers().apply(HttpHeaders.MCP_SESSION_ID);
        if (ids.isEmpty()) {
            throw MessageFault.invalid("Mcp-Session-Id must be there after initialize.");
        }
        HttpSession session = owners.isForeign(ids.get(0), caller) ? null : sessions.get(ids.get(0));
        if (session == null) {
            throw EndpointErrors.sessionNotFound();
        }
        return session;
    }

    private Mono<Void> initialize(JSONRPCRequest initialize, McpTransportContext context, HttpExchange exchange) {
        McpStreamableServerSession.Factory sessionFactory = factory;
        if (sessionFactory == null) {
            throw EndpointErrors.shuttingDown();
        }
        // First: what the SDK reads it logs too.
        if (RequestRules.isMisfit(McpSchema.METHOD_INITIALIZE, initialize.params(), Set.of())) {
            throw EndpointErrors.misfit(initialize.id());
        }
        McpStreamableServerSessionInit init;
        try {
            init = sessionFactory.startSession(
                    mapper().convertValue(RequestRules.known(initialize).params(), InitializeRequest.class));
        } catch (RuntimeException e) {
            throw EndpointErrors.misfit(initialize.id());
        }
        HttpSession session = new HttpSession(init.session(), PrincipalContext.callerOf(context), resumable);
        return add(session, ATTEMPTS)
                .doOnError(e -> end(session).subscribe())
                .then(Mono.fromRunnable(() -> owners.openedBy(session.id(), context)))
                .then(init.initResult())
                .doOnNext(result -> session.speaks(result.protocolVersion()))
                .map(result -> dialects.initialized(result, context))
                .doOnNext(result -> exchange.respond(
                        200,
                        Map.of(HttpHeaders.MCP_SESSION_ID, session.id()),
                        JSONRPCResponse.result(initialize.id(), result)))
                .then();
    }

    /** Adds a session; one that is idle and not needed may have to go for it. */
    private Mono<Void> add(HttpSession session, int attempts) {
        if (sessions.add(session)) {
            return Mono.empty();
        }
        HttpSession oldest = attempts == 0 ? null : sessions.nextToGo(session.openedBy());
        if (oldest == null) {
            return Mono.error(EndpointErrors.busy("There are too many open sessions. Try again later."));
        }
        return Mono.fromFuture(() -> needed.test(oldest.id()).toCompletableFuture(), true)
                .onErrorReturn(true)
                .flatMap(isNeeded -> {
                    if (isNeeded) {
                        // The turn is another one's: it counts as used.
                        sessions.get(oldest.id());
                    } else if (sessions.removeIdle(oldest)) {
                        end(oldest).subscribe();
                    }
                    return add(session, attempts - 1);
                });
    }

    // ---- GET and DELETE -------------------------------------------------------------------------------------------

    @Override
    Mono<Void> withoutBody(HttpRequest request, HttpExchange exchange) {
        return request.method().equals("GET")
                ? begin(request.caller(), exchange, Kind.LISTENING, caller -> {
                    HttpSession session = session(request, caller.context());
                    listen(session, request.first(HttpHeaders.LAST_EVENT_ID), exchange);
                    return Mono.empty();
                })
                : begin(request.caller(), exchange, Kind.SHORT, caller -> {
                    HttpSession session = session(request, caller.context());
                    sessions.remove(session);
                    return end(session).then(Mono.fromRunnable(() -> exchange.respond(200, Map.of(), null)));
                });
    }

    private void listen(HttpSession session, @Nullable String lastEventId, HttpExchange exchange) {
        session.begins(exchange, true);
        EventId last = lastEventId == null ? null : EventId.of(lastEventId);
        if (last == null) {
            listens(session, exchange);
            return;
        }
        boolean continued = session.resumes(exchange, last);
        if (last.isOfListening()) {
            listens(session, exchange);
        } else if (!continued) {
            throw EndpointErrors.streamGone();
        }
    }

    private void listens(HttpSession session, HttpExchange exchange) {
        if (exchange.lost().toCompletableFuture().isDone()) {
            // The client has come back once more.
            return;
        }
        ExchangeTransport transport = transport(exchange);
        McpStreamableServerSessionStream stream = session.session().listeningStream(transport);
        exchange.ended().thenRun(() -> {
            transport.detach();
            stream.close();
        });
        EventStream opened = exchange.openStream();
        if (opened != null) {
            // Headers go out with the first byte.
            opened.comment();
        }
    }

    // ---- the server -----------------------------------------------------------------------------------------------

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return all.sendNotification(method, params);
    }

    @Override
    public Mono<Void> notifyClient(String sessionId, String method, Object params) {
        return Mono.defer(() -> {
            HttpSession session = sessions.get(sessionId);
            return session == null ? Mono.empty() : session.session().sendNotification(method, params);
        });
    }

    @Override
    public List<String> protocolVersions() {
        return List.of(
                ProtocolVersions.MCP_2024_11_05,
                ProtocolVersions.MCP_2025_03_26,
                ProtocolVersions.MCP_2025_06_18,
                ProtocolVersions.MCP_2025_11_25);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.defer(() -> {
            closing();
            return all.closeGracefully();
        });
    }
}
