package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.ContentTypes;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.QueryStrings;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Keeps callers out of each other's sessions, which the transport finds by their ids alone. */
final class WebMvcSessions implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private final SessionOwners owners;

    private final ProtocolErrors errors;

    WebMvcSessions(SessionOwners owners, ProtocolErrors errors) {
        this.owners = owners;
        this.errors = errors;
    }

    @Override
    public ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        if (!QueryStrings.isReadable(request.servletRequest().getQueryString())) {
            return WebMvcProtocolErrors.response(errors.unreadableQuery());
        }
        McpTransportContext caller = McpTransportContext.create(
                PrincipalContext.of(request.principal().orElse(null)));
        if (owners.isForeign(request.headers().header(HttpHeaders.MCP_SESSION_ID), parameter(request), caller)) {
            return WebMvcProtocolErrors.response(errors.sessionNotFound());
        }
        return next.handle(request);
    }

    /** Not of a form, which would be read to its end; it is refused later. */
    private static @Nullable String parameter(ServerRequest request) {
        return request.method().equals(HttpMethod.POST)
                        && !ContentTypes.isJson(
                                request.headers().header(org.springframework.http.HttpHeaders.CONTENT_TYPE))
                ? null
                : request.param(SessionOwners.SSE_PARAMETER).orElse(null);
    }
}
