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
 * What a tool is given in the place of the request's own exchange.
 *
 * <p>The request's stream closes when the reply is sent, which for a long operation is long before its end. What the tool
 * sends through this exchange becomes part of the operation instead, and reaches whichever request waits for it.
 *
 * @param context the operation
 * @param request the request, with a progress token even if the client gave none
 * @param exchange the exchange to hand to the tool; on a stateless server it is not to be used
 * @param transportContext the transport's context with the operation in it
 * @since 0.1.0
 */
public record DetachedExchange(
        OperationContext context,
        CallToolRequest request,
        McpAsyncServerExchange exchange,
        McpTransportContext transportContext) {

    /** Where a face keeps in the transport context what belongs to the request, and not to its operation. */
    public static final String REQUEST_KEY = DetachedExchange.class.getPackageName() + ".request";

    private static final String OPERATION_KEY = OperationContext.class.getName();

    private static final String PROGRESS_TOKEN = "progressToken";

    /**
     * Makes the exchange for one run of a tool.
     *
     * @param context the operation
     * @param call the call that started it
     * @param followers who gets the tool's log messages
     * @return the exchange
     */
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

    /**
     * Finds the operation that a tool runs in.
     *
     * @param transportContext the context the tool was given
     * @return the operation, or {@code null} if the tool does not run in one
     */
    public static @Nullable OperationContext operation(@Nullable McpTransportContext transportContext) {
        return transportContext != null && transportContext.get(OPERATION_KEY) instanceof OperationContext context
                ? context
                : null;
    }

    /** Spring AI's request context reports no progress at all to a request that carries no token. */
    private static CallToolRequest withProgressToken(CallToolRequest request) {
        Map<String, Object> meta = request.meta() == null ? new HashMap<>() : new HashMap<>(request.meta());
        meta.putIfAbsent(PROGRESS_TOKEN, "async-mcp");
        return new CallToolRequest(request.name(), request.arguments() == null ? Map.of() : request.arguments(), meta);
    }
}
