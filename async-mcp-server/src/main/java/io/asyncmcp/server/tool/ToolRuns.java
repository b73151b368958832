package io.asyncmcp.server.tool;

import io.asyncmcp.server.answer.FailureTexts;
import io.asyncmcp.server.exchange.DetachedExchange;
import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.common.McpTransportContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Runs a tool on its operation's thread, and turns what it returns into what is kept.
 *
 * <p>Thread-safe.
 */
final class ToolRuns {

    private static final Logger logger = LoggerFactory.getLogger(ToolRuns.class);

    private static final ContextSnapshotFactory SNAPSHOTS =
            ContextSnapshotFactory.builder().build();

    private final ResultRules results;

    ToolRuns(ResultRules results) {
        this.results = results;
    }

    @Nullable
    Object run(OperationCalls.Callee callee, DetachedExchange exchange) throws Exception {
        Object result;
        try {
            result = callee.body().run(exchange);
        } catch (Exception | Error e) {
            logIfInternal(callee, exchange, e);
            throw e;
        }
        if (result instanceof Mono<?> later) {
            return later.doOnError(e -> logIfInternal(callee, exchange, e))
                    .map(value -> results.check(callee.tool(), value))
                    .switchIfEmpty(Mono.fromSupplier(() -> results.check(callee.tool(), null)))
                    // What was bound to the caller is bound to this thread now; reactive code looks for it in its
                    // context.
                    .contextWrite(context -> SNAPSHOTS
                            .captureAll()
                            .updateContext(context)
                            .put(McpTransportContext.KEY, exchange.transportContext()))
                    .toFuture();
        }
        return results.check(callee.tool(), result);
    }

    /** What the client is not told, whoever runs the server has to find out here. */
    private static void logIfInternal(OperationCalls.Callee callee, DetachedExchange exchange, Throwable thrown) {
        if (FailureTexts.isInternal(thrown) && !exchange.context().isCancelled()) {
            logger.error(
                    "Tool {} failed, and its caller is not told why",
                    callee.tool().name(),
                    thrown);
        }
    }
}
