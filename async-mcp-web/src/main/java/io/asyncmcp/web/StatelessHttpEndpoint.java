package io.asyncmcp.web;

import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.OpenExchanges.Kind;
import io.asyncmcp.server.transport.MessageFault;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The Streamable HTTP endpoint without sessions: the response to a request is its reply alone. Thread-safe.
 *
 * @since 0.1.0
 */
public final class StatelessHttpEndpoint extends McpHttpEndpoint implements McpStatelessServerTransport {

    private volatile @Nullable McpStatelessServerHandler handler;

    /** Creates the endpoint. */
    public StatelessHttpEndpoint(Settings settings) {
        super(settings);
    }

    @Override
    public void setMcpHandler(McpStatelessServerHandler mcpHandler) {
        handler = mcpHandler;
    }

    @Override
    Mono<Void> posted(JSONRPCMessage message, HttpRequest request, HttpExchange exchange) {
        McpStatelessServerHandler known = handler;
        if (known == null) {
            throw EndpointErrors.shuttingDown();
        }
        return begin(
                request.caller(),
                exchange,
                message instanceof JSONRPCRequest ? Kind.REQUEST : Kind.SHORT,
                caller -> handled(known, message, caller.context(), exchange));
    }

    private static Mono<Void> handled(
            McpStatelessServerHandler handler,
            JSONRPCMessage message,
            McpTransportContext context,
            HttpExchange exchange) {
        if (message instanceof JSONRPCRequest called) {
            return handler.handleRequest(context, called)
                    .doOnNext(response -> exchange.respond(200, response))
                    .then();
        }
        if (message instanceof JSONRPCNotification notification) {
            return handler.handleNotification(context, notification)
                    .then(Mono.fromRunnable(() -> exchange.respond(202, Map.of(), null)));
        }
        throw MessageFault.invalid("The server accepts either requests or notifications.");
    }

    @Override
    List<String> methods() {
        return List.of("POST");
    }

    @Override
    Mono<Void> withoutBody(HttpRequest request, HttpExchange exchange) {
        throw new IllegalStateException("every request has a body");
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::closing);
    }
}
