package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.PrincipalContext;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import org.springframework.web.servlet.function.EntityResponse;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Adds what {@link Dialects} have to say to the reply to {@code initialize}, which passes by the session's transport. */
final class WebMvcInitialize implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private final Dialects dialects;

    WebMvcInitialize(Dialects dialects) {
        this.dialects = dialects;
    }

    @Override
    public ServerResponse filter(ServerRequest request, HandlerFunction<ServerResponse> next) throws Exception {
        ServerResponse response = next.handle(request);
        if (!(response instanceof EntityResponse<?> withEntity)
                || !(withEntity.entity() instanceof JSONRPCResponse reply)
                || !(reply.result() instanceof InitializeResult result)) {
            return response;
        }
        McpTransportContext context = McpTransportContext.create(
                PrincipalContext.of(request.principal().orElse(null)));
        Object described = dialects.initialized(result, context, false).block();
        return ServerResponse.from(response).body(JSONRPCResponse.result(reply.id(), described));
    }
}
