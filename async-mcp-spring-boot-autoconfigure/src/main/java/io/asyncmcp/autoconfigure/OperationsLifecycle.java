package io.asyncmcp.autoconfigure;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorStatistics;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Shuts operations down gracefully: takes no more, lets what runs finish for a while, cancels the rest and says so.
 *
 * <p>It stops before the web server does, so that clients can still fetch results meanwhile.
 */
final class OperationsLifecycle implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(OperationsLifecycle.class);

    private final AsyncExecutor executor;

    private final Duration grace;

    private volatile boolean running;

    OperationsLifecycle(AsyncExecutor executor, Duration grace) {
        this.executor = executor;
        this.grace = grace;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        int open = open();
        if (open > 0) {
            logger.info("No new operations are taken; waiting up to {} for the {} that are not done", grace, open);
        }
        executor.shutdown(grace).whenComplete((cancelled, error) -> {
            running = false;
            if (error != null) {
                logger.warn("Shutting operations down failed; what still runs is cancelled", error);
            } else if (cancelled > 0) {
                logger.warn(
                        "The shutdown cancelled {} operations that were still running after {}; their results are lost",
                        cancelled,
                        grace);
            }
            if (open > 0 && error == null && cancelled == 0) {
                logger.info("All operations are done");
            }
            callback.run();
        });
    }

    /** A store that cannot be read costs the log a number, and the operations nothing. */
    private int open() {
        try {
            ExecutorStatistics now = executor.statistics();
            return now.queued() + now.working() + now.inputRequired();
        } catch (Throwable e) {
            logger.warn("How many operations are not done could not be counted", e);
            return 0;
        }
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
