package io.asyncmcp.server.tool;

import io.asyncmcp.server.answer.FailureTexts;
import io.asyncmcp.server.exchange.DetachedExchange;
import io.asyncmcp.server.json.JsonFailures;
import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.common.McpTransportContext;
import java.util.function.UnaryOperator;
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
        return run(callee.tool().name(), callee.body(), exchange, returned -> results.check(callee.tool(), returned));
    }

    /** Runs anything, and turns what it returns, or a reactive result signals, into what is kept. */
    @Nullable
    Object run(String name, ToolBody body, DetachedExchange exchange, UnaryOperator<@Nullable Object> kept)
            throws Exception {
        Object result;
        try {
            result = body.run(exchange);
        } catch (Exception | Error e) {
            logIfInternal(name, exchange, e);
            throw e;
        }
        if (result instanceof Mono<?> later) {
            return later.doOnError(e -> logIfInternal(name, exchange, e))
                    .<Object>mapNotNull(kept::apply)
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

    /** What the client is not told, whoever runs the server has to find out here. */
    private static void logIfInternal(String name, DetachedExchange exchange, Throwable thrown) {
        if (FailureTexts.isInternal(thrown) && !exchange.context().isCancelled()) {
            logger.error("Tool {} failed, and its caller is not told why", name, JsonFailures.loggable(thrown));
        }
    }
}
