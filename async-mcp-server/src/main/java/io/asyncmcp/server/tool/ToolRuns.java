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
        return kept(callee.body().run(exchange), exchange, returned -> kept(callee, exchange, returned));
    }

    private Object kept(OperationCalls.Callee callee, DetachedExchange exchange, @Nullable Object returned) {
        if (returned instanceof CallToolResult result
                && Boolean.TRUE.equals(result.isError())
                && !exchange.context().isCancelled()) {
            FailureLog.returnedError(callee.tool().name());
        }
        return results.check(callee.tool(), returned);
    }

    /** Runs anything, and keeps what it returns, or a reactive result signals. */
    @Nullable
    Object run(ToolBody body, DetachedExchange exchange) throws Exception {
        return kept(body.run(exchange), exchange, UnaryOperator.identity());
    }

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
