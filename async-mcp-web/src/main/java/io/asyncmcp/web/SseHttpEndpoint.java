package io.asyncmcp.web;

import io.asyncmcp.server.http.EventStream;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.OpenExchanges.Kind;
import io.asyncmcp.server.transport.MessageFault;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;

/**
 * The endpoint of the deprecated SSE transport: a session lasts as long as the one stream on which its client gets everything, and
 * the client sends its messages to another path. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse">HTTP with SSE</a>
 * @since 0.1.0
 */
public final class SseHttpEndpoint extends McpHttpEndpoint implements McpServerTransportProvider {

    private static final String SESSION_ID = "sessionId";

    private final SessionOwners owners;

    private final UriComponentsBuilder messages;

    private final ConcurrentMap<String, McpServerSession> sessions = new ConcurrentHashMap<>();

    private final AllSessions all;

    private volatile McpServerSession.@Nullable Factory factory;

    /**
     * Creates the endpoint. Clients send to {@code messageUrl}, relative to where they open their streams; they are asked every
     * {@code keepAliveInterval} whether they are still there, {@code null} for never.
     */
    public SseHttpEndpoint(
            Settings settings, String messageUrl, @Nullable Duration keepAliveInterval, SessionOwners owners) {
        super(settings.withoutFace());
        this.owners = owners;
        this.messages = UriComponentsBuilder.fromUriString(messageUrl);
        this.all = new AllSessions(sessions::values, keepAliveInterval);
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory sessionFactory) {
        factory = sessionFactory;
    }

    @Override
    List<String> methods() {
        return List.of("GET", "POST");
    }

    /** Clients of this transport do not say what they accept. */
    @Override
    void requireAccepted(HttpRequest request) {}

    @Override
    Mono<Void> withoutBody(HttpRequest request, HttpExchange exchange) {
        return begin(request.caller(), exchange, Kind.LISTENING, caller -> {
            McpServerSession.Factory sessionFactory = factory;
            if (sessionFactory == null) {
                throw EndpointErrors.shuttingDown();
            }
            open(sessionFactory.create(ExchangeTransport.ofSession(exchange, mapper())), exchange);
            return Mono.empty();
        });
    }

    private void open(McpServerSession session, HttpExchange exchange) {
        String id = session.getId();
        sessions.put(id, session);
        exchange.whenWritten().thenRun(() -> {
            sessions.remove(id);
            owners.ended(id);
            session.close();
        });
        EventStream events = exchange.openStream();
        if (events != null) {
            events.send(
                    "endpoint",
                    messages.cloneBuilder().queryParam(SESSION_ID, id).build().toUriString());
        }
    }

    @Override
    Mono<Void> posted(JSONRPCMessage message, HttpRequest request, HttpExchange exchange) {
        // What is refused at once is not taken first.
        return begin(
                request.caller(),
                exchange,
                Kind.SHORT,
                caller -> Mono.when(
                        session(request, caller.context()).handle(message),
                        Mono.fromRunnable(() -> exchange.respond(200, Map.of(), null))));
    }

    private McpServerSession session(HttpRequest request, McpTransportContext caller) {
        String id = request.plainParameter(SESSION_ID);
        if (id == null) {
            throw MessageFault.invalid(
                    "The URL must be the one that came as the event \"endpoint\", with a " + SESSION_ID + ".");
        }
        McpServerSession session = sessions.get(id);
        if (session != null) {
            // It belongs to who sends the first message: its id was told to nobody else.
            owners.openedBy(id, caller);
        }
        if (session == null || owners.isForeign(id, caller)) {
            throw EndpointErrors.sessionNotFound();
        }
        return session;
    }

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return all.sendNotification(method, params);
    }

    @Override
    public Mono<Void> notifyClient(String sessionId, String method, Object params) {
        return Mono.defer(() -> {
            McpServerSession session = sessions.get(sessionId);
            return session == null ? Mono.empty() : session.sendNotification(method, params);
        });
    }

    @Override
    public List<String> protocolVersions() {
        return List.of(ProtocolVersions.MCP_2024_11_05);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.defer(() -> {
            closing();
            return all.closeGracefully();
        });
    }
}
