package io.asyncmcp.server.exchange;

import io.asyncmcp.server.transport.RequestStream;
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
 * @param stream what else can be sent to the client, or {@code null} on a transport that is not one of ours
 * @param terms the terms on which it is made
 * @since 0.1.0
 */
public record ToolCall(
        CallToolRequest request,
        McpTransportContext transportContext,
        @Nullable String sessionId,
        McpSchema.@Nullable ClientCapabilities capabilities,
        McpSchema.@Nullable Implementation clientInfo,
        @Nullable RequestStream stream,
        Terms terms) {

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
                exchange.getClientInfo(),
                null,
                Terms.USUAL);
    }

    /** A call at a server with sessions and reactive handlers. */
    public static ToolCall of(McpAsyncServerExchange exchange, CallToolRequest request) {
        return new ToolCall(
                request,
                orEmpty(exchange.transportContext()),
                exchange.sessionId(),
                exchange.getClientCapabilities(),
                exchange.getClientInfo(),
                null,
                Terms.USUAL);
    }

    /** A call at a stateless server, which knows nothing of its client. */
    public static ToolCall of(McpTransportContext context, CallToolRequest request) {
        return new ToolCall(request, orEmpty(context), null, null, null, null, Terms.USUAL);
    }

    private static McpTransportContext orEmpty(@Nullable McpTransportContext context) {
        return context == null ? McpTransportContext.EMPTY : context;
    }

    /** Returns the same call with another request. */
    public ToolCall with(CallToolRequest other) {
        return new ToolCall(other, transportContext, sessionId, capabilities, clientInfo, stream, terms);
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
