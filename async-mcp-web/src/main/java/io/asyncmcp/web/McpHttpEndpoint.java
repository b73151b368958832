package io.asyncmcp.web;

import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.answer.DefectLog;
import io.asyncmcp.server.http.Heartbeat;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.HttpFace;
import io.asyncmcp.server.http.MessageJson;
import io.asyncmcp.server.http.OpenExchanges;
import io.asyncmcp.server.http.ReplyMemory;
import io.asyncmcp.server.transport.ContentTypes;
import io.asyncmcp.server.transport.HostAndOriginRules;
import io.asyncmcp.server.transport.MessageFault;
import io.asyncmcp.server.transport.Messages;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.PrincipalContext.KnownCaller;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.web.EndpointErrors.Fault;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import reactor.core.publisher.Mono;

/**
 * What the endpoints of all protocol versions share. An adapter of a web stack opens an exchange, asks {@link #admits} before it
 * reads the body, {@linkplain #handle hands the request over}, and writes what the exchange has to say. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http">Streamable HTTP</a>
 * @since 0.1.0
 */
public abstract sealed class McpHttpEndpoint permits StreamableHttpEndpoint, StatelessHttpEndpoint, SseHttpEndpoint {

    private static final DefectLog defects = new DefectLog(LoggerFactory.getLogger(McpHttpEndpoint.class));

    private static final Duration LOOK_FOR_SLOW = Duration.ofSeconds(1);

    private static final String HOST = "Host";

    private static final String ORIGIN = "Origin";

    private static final String ACCEPT = "Accept";

    /** What most clients send. */
    private static final List<String> USUAL_ACCEPT = List.of("application/json, text/event-stream");

    private final Settings settings;

    private final Messages messages;

    private volatile boolean closing;

    McpHttpEndpoint(Settings settings) {
        this.settings = settings;
        this.messages = new Messages(settings.json().mapper());
        settings.heartbeat().every(LOOK_FOR_SLOW, settings.bodies()::giveUpSlow);
    }

    /**
     * What an endpoint is made of.
     *
     * @param face what takes the requests of protocol versions that are not the SDK's, if there is something
     * @param delivery the threads that write to clients
     * @param alwaysStream whether replies are always streams of events, unless they fail with an HTTP status of their own
     */
    public record Settings(
            MessageJson json,
            RequestBodies bodies,
            ServerTransportSecurityValidator validator,
            Supplier<Optional<HttpFace>> face,
            Heartbeat heartbeat,
            Executor delivery,
            ReplyMemory replies,
            OpenExchanges open,
            boolean alwaysStream) {

        /** The same for a transport that serves only the protocol versions of the SDK. */
        Settings withoutFace() {
            return new Settings(
                    json, bodies, validator, Optional::empty, heartbeat, delivery, replies, open, alwaysStream);
        }
    }

    /** Opens an exchange for a request. */
    public HttpExchange open() {
        return new HttpExchange(
                settings.json(), settings.delivery(), settings.replies(), settings.open(), settings.alwaysStream());
    }

    /** Returns what bounds the bodies that are read. */
    public RequestBodies bodies() {
        return settings.bodies();
    }

    /** Watches a response in one piece: {@link HttpExchange#stalled} ends if its client takes nothing. */
    public void watch(HttpExchange exchange) {
        settings.heartbeat().watchAnyway(exchange);
    }

    /** Checks a request before its body is read; responds and returns {@code false} if it is refused. */
    public boolean admits(HttpRequest request, HttpExchange exchange) {
        try {
            requireAllowed(request);
            if (closing) {
                throw EndpointErrors.shuttingDown();
            }
            if (!methods().contains(request.method())) {
                throw EndpointErrors.wrongMethod(String.join(", ", methods()));
            }
            if (request.isPost() && !ContentTypes.isJson(request.headers().apply("Content-Type"))) {
                throw EndpointErrors.unsupportedMediaType(
                        "Content-Type must be application/json. The text must be UTF-8.");
            }
            if (request.contentLength() > settings.bodies().maxBytes()) {
                throw EndpointErrors.refused(RequestBodies.Refusal.TOO_LARGE);
            }
            return true;
        } catch (MessageFault e) {
            fail(exchange, e);
            return false;
        }
    }

    private void requireAllowed(HttpRequest request) {
        ServerTransportSecurityValidator validator = settings.validator();
        try {
            // Our own needs two, and to copy all costs more than to look at them.
            validator.validateHeaders(
                    validator instanceof HostAndOriginRules ? hostAndOrigin(request) : request.allHeaders());
        } catch (ServerTransportSecurityException e) {
            throw new Fault(e.getStatusCode(), ErrorCodes.INVALID_REQUEST, null, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, List<String>> hostAndOrigin(HttpRequest request) {
        Map<String, List<String>> present = new HashMap<>();
        for (String header : List.of(HOST, ORIGIN)) {
            List<String> values = request.headers().apply(header);
            if (!values.isEmpty()) {
                present.put(header, values);
            }
        }
        return present;
    }

    /** Refuses a body that is not read, or not parsed. */
    public void refuse(RequestBodies.Refusal refusal, HttpRequest request, HttpExchange exchange) {
        fail(
                exchange,
                refusal == RequestBodies.Refusal.NOT_UTF8 && request.first("Content-Encoding") != null
                        ? EndpointErrors.unsupportedMediaType(
                                "The body is compressed, which this server does not take. Send it without Content-Encoding.")
                        : EndpointErrors.refused(refusal));
    }

    /** Refuses an HTTP method that the path does not take; {@code allowed} lists those that it does. */
    public void refuseMethod(String allowed, HttpExchange exchange) {
        fail(exchange, EndpointErrors.wrongMethod(allowed));
    }

    /** Refuses a request with more than {@code most} headers, each of which takes up many times its size on the wire. */
    public void refuseHeaders(int most, HttpExchange exchange) {
        fail(exchange, EndpointErrors.tooManyHeaders(most));
    }

    /** Refuses a body that is cut off, or whose chunks are broken. */
    public void refuseUnreadable(HttpExchange exchange) {
        fail(exchange, MessageFault.unparsable("The body could not be read: it is cut off, or its chunks are broken."));
    }

    /** Handles a request, a POST with its body; ends when it is being handled, on WebMVC at once, never with an error signal. */
    public Mono<Void> handle(HttpRequest request, HttpExchange exchange) {
        return Mono.defer(() -> dispatched(request, exchange))
                .onErrorResume(e -> {
                    fail(exchange, e);
                    return Mono.empty();
                })
                .doOnTerminate(() -> settings.heartbeat().watch(exchange));
    }

    private Mono<Void> dispatched(HttpRequest request, HttpExchange exchange) {
        HttpFace face = settings.face().get().orElse(null);
        byte[] body = request.takeBody();
        if (face != null && face.takes(request.headers(), body)) {
            if (body == null) {
                throw face.version().equals(request.first(HttpHeaders.PROTOCOL_VERSION))
                        ? EndpointErrors.wrongMethod("POST", "This protocol version knows POST alone.")
                        : MessageFault.invalid("MCP-Protocol-Version names no version that this server speaks.");
            }
            return face.post(request.headers(), body, request.caller(), exchange);
        }
        requireAccepted(request);
        return body == null ? withoutBody(request, exchange) : posted(messages.read(body), request, exchange);
    }

    /** Checks the header {@code Accept}, as the protocol versions before 2026-07-28 demand. */
    void requireAccepted(HttpRequest request) {
        List<String> values = request.headers().apply(ACCEPT);
        if (USUAL_ACCEPT.equals(values)) {
            return;
        }
        List<MediaType> accepted;
        try {
            accepted = MediaType.parseMediaTypes(values);
        } catch (InvalidMediaTypeException e) {
            throw MessageFault.invalid("Accept must be a list of media types.");
        }
        boolean stream = accepted.stream().anyMatch(MediaType.TEXT_EVENT_STREAM::equalsTypeAndSubtype);
        boolean json = accepted.stream().anyMatch(MediaType.APPLICATION_JSON::equalsTypeAndSubtype);
        if (!stream && !"DELETE".equals(request.method()) || request.isPost() && !json) {
            throw MessageFault.invalid("Accept must list text/event-stream, and application/json too for a POST.");
        }
    }

    /** The HTTP methods that are taken. */
    abstract List<String> methods();

    /** Handles a message of a version before 2026-07-28. */
    abstract Mono<Void> posted(JSONRPCMessage message, HttpRequest request, HttpExchange exchange);

    /** Handles a GET or a DELETE. */
    abstract Mono<Void> withoutBody(HttpRequest request, HttpExchange exchange);

    Settings settings() {
        return settings;
    }

    McpJsonMapper mapper() {
        return settings.json().mapper();
    }

    /** Finds out who calls, tells the exchange, and starts the action for that caller; adapters wait only for the response. */
    Mono<Void> begin(
            McpTransportContext given,
            HttpExchange exchange,
            OpenExchanges.Kind kind,
            Function<KnownCaller, Mono<Void>> action) {
        return PrincipalContext.known(view -> given).flatMap(caller -> {
            exchange.calledBy(PrincipalContext.callerOf(caller.context()), kind);
            action.apply(caller)
                    .contextWrite(c -> c.put(McpTransportContext.KEY, caller.context()))
                    .contextWrite(caller.view())
                    .subscribe(null, e -> fail(exchange, e));
            return Mono.empty();
        });
    }

    void fail(HttpExchange exchange, Throwable error) {
        if (error instanceof MessageFault fault) {
            EndpointErrors.respond(exchange, fault, mapper());
            return;
        }
        if (error instanceof OperationRejectedException busy) {
            EndpointErrors.respond(exchange, EndpointErrors.busy(busy.getMessage() + "."), mapper());
            return;
        }
        defects.log("A request failed for a reason of ours", error);
        EndpointErrors.respond(exchange, EndpointErrors.internal(), mapper());
    }

    void closing() {
        closing = true;
    }
}
