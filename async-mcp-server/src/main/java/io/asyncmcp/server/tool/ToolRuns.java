package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.DetachedExchange;
import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs tools on their operations' threads, and turns what they return into what is kept.
 *
 * <p>Thread-safe.
 */
final class ToolRuns {

    private static final ContextSnapshotFactory SNAPSHOTS =
            ContextSnapshotFactory.builder().build();

    private final ResultRules results;

    ToolRuns(ResultRules results) {
        this.results = results;
    }

    /** Runs a tool. What it returns is checked. */
    ToolBody of(Tool tool, ToolBody body) {
        return exchange -> kept(body.run(exchange), exchange, returned -> checked(tool, returned, exchange));
    }

    /** Runs anything. What it returns is kept as it is. */
    ToolBody of(ToolBody body) {
        return exchange -> kept(body.run(exchange), exchange, UnaryOperator.identity());
    }

    private Object checked(Tool tool, @Nullable Object returned, DetachedExchange exchange) {
        if (returned instanceof CallToolResult result
                && Boolean.TRUE.equals(result.isError())
                && !exchange.context().isCancelled()) {
            FailureLog.returnedError(tool.name());
        }
        return results.check(tool, returned);
    }

    /** What a tool returns, or signals later, as it is kept. */
    private static @Nullable Object kept(
            @Nullable Object result, DetachedExchange exchange, UnaryOperator<@Nullable Object> kept) {
        if (result instanceof Mono<?> later) {
            return later.<Object>mapNotNull(kept::apply)
                    .switchIfEmpty(Mono.fromSupplier(() -> kept.apply(null)))
                    // What was bound to the caller is bound to this thread now; reactive code looks for it in its
                    // context.
                    .contextWrite(context -> SNAPSHOTS
                            .captureAll()
                            .updateContext(context)
                            .put(McpTransportContext.KEY, exchange.transportContext()))
                    .toFuture();
        }
        return kept.apply(result);
    }
}
