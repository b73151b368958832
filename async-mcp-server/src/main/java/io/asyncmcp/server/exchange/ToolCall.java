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
 * One {@code tools/call} on any kind of server; capabilities and client info are {@code null} if they are not known.
 *
 * @param sessionId {@code null} on a stateless transport
 * @param stream what else can be sent to the client; {@code null} on a transport that is not one of ours
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

    /** Returns the client's name, which decides its wait budget; empty if it is not known. */
    public String clientName() {
        return clientInfo == null || clientInfo.name() == null ? "" : clientInfo.name();
    }
}
