package io.asyncmcp.server.exchange;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.transport.LayeredTransportContext;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a tool gets instead of the request's own exchange. The request's stream closes when the reply is sent, for a long operation
 * long before its end. What the tool sends becomes part of the operation instead, and reaches any request that waits for it.
 *
 * @param request with a progress token even if the client gave none
 * @param exchange not to be used on a stateless server
 * @param transportContext the transport's context with the operation in it
 * @since 0.1.0
 */
public record DetachedExchange(
        OperationContext context,
        CallToolRequest request,
        McpAsyncServerExchange exchange,
        McpTransportContext transportContext) {

    /** Where a face keeps in the transport context what belongs to the request and not to its operation. */
    public static final String REQUEST_KEY = DetachedExchange.class.getPackageName() + ".request";

    private static final String OPERATION_KEY = OperationContext.class.getName();

    private static final String PROGRESS_TOKEN = "progressToken";

    /** Makes the exchange for one run of a tool; {@code followers} get the tool's log messages. */
    public static DetachedExchange of(OperationContext context, ToolCall call, LogFollowers followers) {
        // What belongs to the request alone is hidden: a tool that calls another one must get a result, whatever
        // becomes
        // of the request.
        McpTransportContext transportContext = new LayeredTransportContext(
                call.transportContext(), Map.of(OPERATION_KEY, context, REQUEST_KEY, Optional.empty()));
        McpAsyncServerExchange exchange =
                new CheckedExchange(new DetachedSession(context, followers), call, transportContext);
        return new DetachedExchange(context, withProgressToken(call.request()), exchange, transportContext);
    }

    /** Returns the operation that a tool runs in, or {@code null} if it runs in none. */
    public static @Nullable OperationContext operation(@Nullable McpTransportContext transportContext) {
        return transportContext != null && transportContext.get(OPERATION_KEY) instanceof OperationContext context
                ? context
                : null;
    }

    /** Spring AI reports no progress to a request without a token. */
    private static CallToolRequest withProgressToken(CallToolRequest request) {
        Map<String, Object> meta = request.meta() == null ? new HashMap<>() : new HashMap<>(request.meta());
        meta.putIfAbsent(PROGRESS_TOKEN, "async-mcp");
        return new CallToolRequest(request.name(), request.arguments() == null ? Map.of() : request.arguments(), meta);
    }
}
