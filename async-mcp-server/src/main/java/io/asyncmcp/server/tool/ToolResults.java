package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.DetachedExchange;
import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Turns what tools return, or signal later, into what is kept. Thread-safe. */
final class ToolResults {

    private static final ContextSnapshotFactory SNAPSHOTS =
            ContextSnapshotFactory.builder().build();

    private final ResultRules results;

    ToolResults(ResultRules results) {
        this.results = results;
    }

    private @Nullable Object checked(@Nullable Tool tool, @Nullable Object returned, DetachedExchange exchange) {
        if (tool == null) {
            return returned;
        }
        if (returned instanceof CallToolResult result
                && Boolean.TRUE.equals(result.isError())
                && !exchange.context().isCancelled()) {
            FailureLog.returnedError(tool.name());
        }
        return results.check(tool, returned);
    }

    /** Called on the operation's thread; keeps the result as it is if {@code tool} is {@code null}. */
    @Nullable
    Object kept(@Nullable Tool tool, @Nullable Object result, DetachedExchange exchange) {
        if (result instanceof Mono<?> later) {
            return later.flatMap(returned -> Mono.justOrEmpty(checked(tool, returned, exchange)))
                    .switchIfEmpty(Mono.fromSupplier(() -> checked(tool, null, exchange)))
                    // What was bound to the caller is bound to this thread now; reactive code looks for it in its
                    // context.
                    .contextWrite(context -> SNAPSHOTS
                            .captureAll()
                            .updateContext(context)
                            .put(McpTransportContext.KEY, exchange.transportContext()))
                    .toFuture();
        }
        return checked(tool, result, exchange);
    }
}
