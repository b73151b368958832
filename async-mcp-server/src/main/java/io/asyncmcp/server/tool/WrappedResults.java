package io.asyncmcp.server.tool;

import io.asyncmcp.server.answer.OutputSchemas;
import io.asyncmcp.server.exchange.DetachedExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Wraps structured content that need not be an object into one. */
record WrappedResults(ToolBody body) implements ToolBody {

    @Override
    public @Nullable Object run(DetachedExchange exchange) throws Exception {
        Object result = body.run(exchange);
        if (result instanceof Mono<?> later) {
            return later.map(WrappedResults::wrapped);
        }
        return result == null ? null : wrapped(result);
    }

    private static Object wrapped(Object returned) {
        return returned instanceof CallToolResult result && result.structuredContent() != null
                ? new CallToolResult(
                        result.content(),
                        result.isError(),
                        OutputSchemas.wrapped(result.structuredContent()),
                        result.meta())
                : returned;
    }
}
