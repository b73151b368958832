package io.asyncmcp.server.modern;

import io.asyncmcp.server.ContextPropagation;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.json.JsonText;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.ReactiveSecurity;
import io.asyncmcp.server.transport.RequestRules;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * The protocol over HTTP, without a word on how HTTP is served.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http">Streamable HTTP</a>
 * @since 0.1.0
 */
public final class ModernHttp {

    /** The versions that have sessions, whose requests are the SDK's. */
    private static final Set<String> LEGACY = Set.of(
            ProtocolVersions.MCP_2024_11_05,
            ProtocolVersions.MCP_2025_03_26,
            ProtocolVersions.MCP_2025_06_18,
            ProtocolVersions.MCP_2025_11_25);

    private static final byte[] MARK =
            ('"' + ModernProtocol.PROTOCOL_VERSION + '"').getBytes(StandardCharsets.US_ASCII);

    /** How long a client is kept waiting without a sign of life. */
    private static final Duration FIRST_SIGN_OF_LIFE = Duration.ofSeconds(1);

    private static final TypeRef<Object> JSON = new TypeRef<>() {};

    private final ModernServer server;

    private final OperationOwnerResolver owners;

    private final Executor delivery;

    private final ScheduledExecutorService timer;

    private final Duration heartbeat;

    ModernHttp(
            ModernServer server,
            OperationOwnerResolver owners,
            Executor delivery,
            ScheduledExecutorService timer,
            Duration heartbeat) {
        this.server = server;
        this.owners = owners;
        this.delivery = delivery;
        this.timer = timer;
        this.heartbeat = heartbeat;
    }

    /**
     * Tells whether a request is of this protocol, or of one that nobody knows, by its headers or by its body.
     *
     * @param headers the values of a header, by its name in any case
     * @param body the request's body, or {@code null} if it has none
     * @return {@code false} if the SDK is to have it
     */
    public static boolean isModern(Function<String, List<String>> headers, byte @Nullable [] body) {
        List<String> versions = headers.apply(HeaderRules.VERSION);
        boolean inHeaders = !versions.isEmpty()
                && !LEGACY.containsAll(versions.stream().map(String::strip).toList());
        return inHeaders || body != null && mentionsVersion(body);
    }

    /** Whoever says it in the body and not in the headers is to be told so. Other messages are not read a second time. */
    private static boolean mentionsVersion(byte[] body) {
        if (!JsonText.contains(body, MARK)) {
            return false;
        }
        try {
            return McpJsonDefaults.getMapper().readValue(body, JSON) instanceof Map<?, ?> message
                    && message.get("method") instanceof String
                    && RequestMeta.isIn(message.get("params"));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /**
     * Takes a POST.
     *
     * @param headers the values of a header, by its name in any case
     * @param body the request's body
     * @param context who calls, as in the context of the SDK's transports
     * @return the exchange, on WebMVC without delay; never an error signal
     */
    public Mono<HttpExchange> post(Function<String, List<String>> headers, byte[] body, McpTransportContext context) {
        // Once it is read nobody needs it, and what waits for the answer would hold on to it.
        AtomicReference<byte @Nullable []> unread = new AtomicReference<>(body);
        return ReactiveSecurity.deferContextual(view -> PrincipalContext.resolve(
                context,
                known -> server.paramHeaders()
                        .map(wanted -> opened(
                                headers,
                                Objects.requireNonNull(unread.getAndSet(null), "a body is read once"),
                                wanted,
                                known,
                                view))));
    }

    private HttpExchange opened(
            Function<String, List<String>> headers,
            byte[] body,
            ParamHeaders wanted,
            McpTransportContext context,
            ContextView view) {
        HttpExchange exchange = new HttpExchange(delivery);
        Object id = null;
        try {
            Map<?, ?> message = message(body);
            id = message.get("id");
            if (!message.containsKey("id")) {
                notified(message);
                exchange.respond(202, null);
                return exchange;
            }
            handle(request(headers, wanted, message, context, exchange, view), exchange);
        } catch (Throwable e) {
            JSONRPCError error = server.error(e).getJsonRpcError();
            Object known = usable(id);
            if (known == null) {
                exchange.refuse(status(error), error);
            } else {
                exchange.respond(status(error), JSONRPCResponse.error(known, error));
            }
        }
        return exchange;
    }

    private static Map<?, ?> message(byte[] body) {
        Object json;
        try {
            json = McpJsonDefaults.getMapper().readValue(body, JSON);
        } catch (IOException | RuntimeException e) {
            throw ModernErrors.parseError();
        }
        if (!(json instanceof Map<?, ?> message)) {
            throw ModernErrors.invalidRequest("The body must be one JSON-RPC request or notification.");
        }
        return message;
    }

    /** No notification means anything here: a client that has lost interest closes its connection. */
    private static void notified(Map<?, ?> message) {
        if (!"2.0".equals(message.get("jsonrpc")) || !(message.get("method") instanceof String)) {
            throw ModernErrors.invalidRequest("The body must be one JSON-RPC request or notification.");
        }
    }

    private ModernRequest request(
            Function<String, List<String>> headers,
            ParamHeaders wanted,
            Map<?, ?> message,
            McpTransportContext context,
            HttpExchange exchange,
            ContextView view) {
        if (!"2.0".equals(message.get("jsonrpc"))) {
            throw ModernErrors.invalidRequest("jsonrpc must be \"2.0\".");
        }
        Object id = usable(message.get("id"));
        if (id == null) {
            throw ModernErrors.invalidRequest(
                    "id must be an integer or a text of at most " + RequestRules.MAX_NAME_LENGTH + " characters.");
        }
        if (!(message.get("method") instanceof String method)) {
            throw ModernErrors.invalidRequest("method must be a text.");
        }
        if (message.get("params") != null && !(message.get("params") instanceof Map<?, ?>)) {
            throw ModernErrors.invalidParams("params must be an object.");
        }
        HeaderRules.single(headers, HeaderRules.VERSION);
        Map<String, Object> params = JsonObjects.copy(message.get("params"));
        HeaderRules.requireRouting(headers, method, params);
        RequestMeta meta = RequestMeta.of(params);
        HeaderRules.requireVersion(headers, meta.version());
        server.requireSupported(meta.version());
        if (method.equals(McpSchema.METHOD_TOOLS_CALL)) {
            wanted.require(headers, params.get("name"), params.get("arguments"));
        }
        return new ModernRequest(
                id,
                method,
                params,
                meta,
                owners.resolve(context, null),
                context,
                exchange,
                ContextPropagation.capture(view),
                view);
    }

    static @Nullable Object usable(@Nullable Object id) {
        return id instanceof String text && RequestRules.isShort(text) || id instanceof Integer || id instanceof Long
                ? id
                : null;
    }

    private void handle(ModernRequest request, HttpExchange exchange) {
        Future<?> heartbeats = timer.scheduleWithFixedDelay(
                exchange::signOfLife, FIRST_SIGN_OF_LIFE.toMillis(), heartbeat.toMillis(), TimeUnit.MILLISECONDS);
        exchange.ended().thenRun(() -> heartbeats.cancel(false));
        Object id = request.id();
        server.handle(request)
                .whenCompleteAsync(
                        (result, error) -> {
                            if (error == null) {
                                exchange.respond(200, JSONRPCResponse.result(id, result));
                            } else {
                                JSONRPCError told = server.error(error).getJsonRpcError();
                                exchange.respond(ModernErrors.httpStatus(told), JSONRPCResponse.error(id, told));
                            }
                        },
                        exchange.delivery());
    }

    /** What is wrong with the request as such is the client's mistake, unless it could not be looked at. */
    private static int status(JSONRPCError error) {
        return switch (error.code()) {
            case ErrorCodes.METHOD_NOT_FOUND -> 404;
            case ErrorCodes.INTERNAL_ERROR -> 500;
            default -> 400;
        };
    }
}
