package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.DetachedExchange;
import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs a tool on its operation's thread, and turns what it returns into what is kept.
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

    @Nullable
    Object run(OperationCalls.Callee callee, DetachedExchange exchange) throws Exception {
        return run(callee.body(), exchange, returned -> kept(callee, exchange, returned));
    }

    private Object kept(OperationCalls.Callee callee, DetachedExchange exchange, @Nullable Object returned) {
        if (returned instanceof CallToolResult result
                && Boolean.TRUE.equals(result.isError())
                && !exchange.context().isCancelled()) {
            FailureLog.returnedError(callee.tool().name());
        }
        return results.check(callee.tool(), returned);
    }

    /** Runs anything, and turns what it returns, or a reactive result signals, into what is kept. */
    @Nullable
    Object run(ToolBody body, DetachedExchange exchange, UnaryOperator<@Nullable Object> kept) throws Exception {
        Object result = body.run(exchange);
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
