package io.asyncmcp.server.modern;

import io.asyncmcp.server.ContextPropagation;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.HttpFace;
import io.asyncmcp.server.http.OpenExchanges.Kind;
import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.json.JsonText;
import io.asyncmcp.server.transport.DeliveryThreads;
import io.asyncmcp.server.transport.MessageFault;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.RequestRules;
import io.asyncmcp.server.transport.Writable;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
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
public final class ModernHttp implements HttpFace {

    /** The versions that have sessions, whose requests are the SDK's. */
    private static final Set<String> LEGACY = Set.of(
            ProtocolVersions.MCP_2024_11_05,
            ProtocolVersions.MCP_2025_03_26,
            ProtocolVersions.MCP_2025_06_18,
            ProtocolVersions.MCP_2025_11_25);

    private static final byte[] MARK =
            ('"' + ModernProtocol.PROTOCOL_VERSION + '"').getBytes(StandardCharsets.US_ASCII);

    private static final TypeRef<Object> JSON = new TypeRef<>() {};

    private final ModernServer server;

    private final OperationOwnerResolver owners;

    ModernHttp(ModernServer server, OperationOwnerResolver owners) {
        this.server = server;
        this.owners = owners;
    }

    /** Of this protocol, or of one that nobody knows. */
    @Override
    public boolean takes(Function<String, List<String>> headers, byte @Nullable [] body) {
        List<String> versions = headers.apply(HeaderRules.VERSION);
        boolean inHeaders = !versions.isEmpty()
                && !LEGACY.containsAll(versions.stream().map(String::strip).toList());
        return inHeaders || body != null && mentionsVersion(body);
    }

    @Override
    public String version() {
        return ModernProtocol.VERSION;
    }

    /** A client that says it in the body and not in the headers is to be told so. Other messages are not read a second time. */
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

    @Override
    public Mono<Void> post(
            Function<String, List<String>> headers, byte[] body, McpTransportContext context, HttpExchange exchange) {
        // Once it is read nobody needs it, and what waits for the answer would hold on to it.
        AtomicReference<byte @Nullable []> unread = new AtomicReference<>(body);
        return PrincipalContext.known(view -> context)
                .flatMap(caller -> server.paramHeaders().flatMap(wanted -> {
                    byte[] present = Objects.requireNonNull(unread.getAndSet(null), "a body is read once");
                    handle(headers, present, wanted, caller.context(), exchange, caller.view());
                    return Mono.<Void>empty();
                }));
    }

    private void handle(
            Function<String, List<String>> headers,
            byte[] body,
            ParamHeaders wanted,
            McpTransportContext context,
            HttpExchange exchange,
            ContextView view) {
        Object id = null;
        try {
            Map<?, ?> message = message(body);
            id = message.get("id");
            if (!message.containsKey("id")) {
                notified(message);
                exchange.respond(202, Map.of(), null);
                return;
            }
            handle(request(headers, wanted, message, context, exchange, view), exchange);
        } catch (MessageFault e) {
            // The web server refuses a header.
            throw e;
        } catch (Throwable e) {
            JSONRPCError error = server.error(e).getJsonRpcError();
            Object known = usable(id);
            exchange.respond(
                    status(error),
                    ModernErrors.httpHeaders(error),
                    known == null
                            ? new ErrorWithoutId(McpSchema.JSONRPC_VERSION, error)
                            : JSONRPCResponse.error(known, error));
        }
    }

    /** The SDK's responses must have an id, which not everything that deserves an error has. */
    private record ErrorWithoutId(String jsonrpc, JSONRPCError error) {}

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
        String version = HeaderRules.single(headers, HeaderRules.VERSION);
        Map<String, Object> params = JsonObjects.copy(message.get("params"));
        if (!RequestMeta.isIn(params)) {
            // A version that the SDK does not know either comes with no more than the header.
            server.requireSupported(version);
        }
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
                new ExchangeChannel(exchange),
                ContextPropagation.capture(view),
                view);
    }

    static @Nullable Object usable(@Nullable Object id) {
        return id instanceof String text && RequestRules.isShort(text) || id instanceof Integer || id instanceof Long
                ? id
                : null;
    }

    private void handle(ModernRequest request, HttpExchange exchange) {
        Object id = request.id();
        exchange.calledBy(
                PrincipalContext.callerOf(request.owner()),
                request.method().equals(ModernProtocol.LISTEN) ? Kind.LISTENING : Kind.REQUEST);
        server.handle(request)
                .whenCompleteAsync(
                        (result, error) -> {
                            if (error == null) {
                                exchange.respond(200, JSONRPCResponse.result(id, result));
                            } else {
                                JSONRPCError told = server.error(error).getJsonRpcError();
                                exchange.respond(
                                        ModernErrors.httpStatus(told),
                                        ModernErrors.httpHeaders(told),
                                        JSONRPCResponse.error(id, told));
                            }
                        },
                        DeliveryThreads.orVirtual(exchange.delivery()));
    }

    /** The way back over HTTP. */
    private record ExchangeChannel(HttpExchange exchange) implements Channel {

        @Override
        public void send(JSONRPCNotification notification) {
            try {
                exchange.send(notification);
            } catch (IOException | RuntimeException e) {
                Writable.leftOut(notification, e);
            }
        }

        @Override
        public Executor delivery() {
            return exchange.delivery();
        }

        @Override
        public CompletionStage<@Nullable Void> lost() {
            return exchange.lost();
        }
    }

    /** What is wrong with the request as such is the client's mistake, unless it could not be looked at. */
    private static int status(JSONRPCError error) {
        int status = ModernErrors.httpStatus(error);
        if (status != 200) {
            return status;
        }
        return error.code() == ErrorCodes.INTERNAL_ERROR ? 500 : 400;
    }
}
