package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.HttpHeaders;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Keeps callers out of each other's sessions, which the transport finds by their ids alone. */
final class WebFluxSessions implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private final SessionOwners owners;

    private final ProtocolErrors errors;

    WebFluxSessions(SessionOwners owners, ProtocolErrors errors) {
        this.owners = owners;
        this.errors = errors;
    }

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return PrincipalContext.resolve(
                McpTransportContext.create(PrincipalContext.of(request.principal())),
                caller -> isForeign(request, caller)
                        ? WebFluxProtocolErrors.response(errors.sessionNotFound())
                        : next.handle(request));
    }

    private boolean isForeign(ServerRequest request, McpTransportContext caller) {
        return owners.isForeign(
                request.headers().header(HttpHeaders.MCP_SESSION_ID),
                request.queryParam(SessionOwners.SSE_PARAMETER).orElse(null),
                caller);
    }
}
