package io.asyncmcp.server.exchange;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code tools/call}, whatever kind of server it came in at.
 *
 * @param request the request
 * @param transportContext what the transport knows of it
 * @param sessionId the client's session, or {@code null} on a stateless transport
 * @param capabilities what the client can do, or {@code null} if it is not known
 * @param clientInfo who the client says it is, or {@code null} if it is not known
 * @since 0.1.0
 */
public record ToolCall(
        CallToolRequest request,
        McpTransportContext transportContext,
        @Nullable String sessionId,
        McpSchema.@Nullable ClientCapabilities capabilities,
        McpSchema.@Nullable Implementation clientInfo) {

    public ToolCall {
        if (request.arguments() == null) {
            // Tools without required arguments may be called without any, and handlers do not expect null.
            request = new CallToolRequest(request.name(), Map.of(), request.meta());
        }
    }

    /** A call at a server with sessions and synchronous handlers. */
    public static ToolCall of(McpSyncServerExchange exchange, CallToolRequest request) {
        return new ToolCall(
                request,
                orEmpty(exchange.transportContext()),
                exchange.sessionId(),
                exchange.getClientCapabilities(),
                exchange.getClientInfo());
    }

    /** A call at a server with sessions and reactive handlers. */
    public static ToolCall of(McpAsyncServerExchange exchange, CallToolRequest request) {
        return new ToolCall(
                request,
                orEmpty(exchange.transportContext()),
                exchange.sessionId(),
                exchange.getClientCapabilities(),
                exchange.getClientInfo());
    }

    /** A call at a stateless server, which knows of its client what the transport context says. */
    public static ToolCall of(McpTransportContext context, CallToolRequest request) {
        return orEmpty(context).get(Caller.KEY) instanceof Caller caller
                ? new ToolCall(request, context, null, caller.capabilities(), caller.info())
                : new ToolCall(request, orEmpty(context), null, null, null);
    }

    /**
     * A client that says in every request who it is.
     *
     * @param capabilities what it can do
     * @param info who it says it is
     */
    public record Caller(McpSchema.ClientCapabilities capabilities, McpSchema.Implementation info) {

        /** Where it is in the transport context. */
        public static final String KEY = Caller.class.getName();
    }

    private static McpTransportContext orEmpty(@Nullable McpTransportContext context) {
        return context == null ? McpTransportContext.EMPTY : context;
    }

    /**
     * Returns the same call with another request.
     *
     * @param other the request
     * @return the call
     */
    public ToolCall with(CallToolRequest other) {
        return new ToolCall(other, transportContext, sessionId, capabilities, clientInfo);
    }

    /**
     * Returns the client's name, which its wait budget goes by.
     *
     * @return the name, empty if it is not known
     */
    public String clientName() {
        return clientInfo == null || clientInfo.name() == null ? "" : clientInfo.name();
    }
}
