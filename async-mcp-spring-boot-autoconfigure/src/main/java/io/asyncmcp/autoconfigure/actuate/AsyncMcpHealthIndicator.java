package io.asyncmcp.autoconfigure.actuate;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.ExecutorStatistics;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells whether operations can be run, and how many there are.
 *
 * <p>Up as long as the executor answers, however full it is; out of service once it takes no more operations because the
 * application shuts down; down if its store cannot be asked.
 *
 * @since 0.1.0
 */
public final class AsyncMcpHealthIndicator extends AbstractHealthIndicator {

    private final AsyncExecutor executor;

    private final @Nullable Limits limits;

    private final BooleanSupplier shuttingDown;

    /**
     * Creates the indicator.
     *
     * @param executor whose health it is
     * @param limits what the executor admits, or {@code null} if that is not known
     * @param shuttingDown whether the application has begun to shut down
     */
    public AsyncMcpHealthIndicator(AsyncExecutor executor, @Nullable Limits limits, BooleanSupplier shuttingDown) {
        super("The executor of MCP operations cannot be asked for its statistics");
        this.executor = executor;
        this.limits = limits;
        this.shuttingDown = shuttingDown;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        ExecutorStatistics statistics;
        try {
            statistics = executor.statistics();
        } catch (Error e) {
            // The base class takes exceptions alone, and an error would fail the health of everything.
            builder.down(e);
            return;
        }
        if (shuttingDown.getAsBoolean()) {
            builder.outOfService();
        } else {
            builder.up();
        }
        builder.withDetail("queued", statistics.queued())
                .withDetail("working", statistics.working())
                .withDetail("inputRequired", statistics.inputRequired())
                .withDetail("abandoned", statistics.abandoned())
                .withDetail("waiting", statistics.waiting())
                .withDetail("retained", statistics.retained());
        if (limits != null) {
            builder.withDetail("maxRunning", limits.maxRunning()).withDetail("maxQueued", limits.maxQueued());
        }
    }
}
