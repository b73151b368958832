package io.asyncmcp.server.transport;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;

/**
 * A request as it comes in, before anything of the SDK's has looked at it.
 *
 * @param request the request; its params are plain JSON
 * @param context the transport context
 * @param session the session it came in on
 * @param stream what else can be sent to the client before the reply
 * @since 0.1.0
 */
public record IncomingRequest(
        JSONRPCRequest request, McpTransportContext context, ClientSession session, RequestStream stream) {}
