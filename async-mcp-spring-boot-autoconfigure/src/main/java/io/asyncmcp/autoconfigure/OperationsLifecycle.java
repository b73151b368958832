package io.asyncmcp.autoconfigure;

import io.asyncmcp.AsyncExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Shuts operations down gracefully: takes no more, lets what runs finish for a while, cancels the rest and says so. Started
 * again it takes new ones.
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
        executor.restart();
        running = true;
    }

    @Override
    public void stop(Runnable callback) {
        running = false;
        // Before anything else, so that nothing is admitted while something stalls.
        CompletionStage<Integer> end = shutdown();
        int open = open();
        if (open > 0) {
            logger.info("No new operations are taken; waiting up to {} for the {} that are not done", grace, open);
        }
        end.whenComplete((cancelled, error) -> {
            try {
                if (!running) {
                    log(open, cancelled, error);
                }
            } finally {
                // Spring waits for it before it goes on.
                callback.run();
            }
        });
    }

    private CompletionStage<Integer> shutdown() {
        try {
            return executor.shutdown(grace);
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void log(int open, @Nullable Integer cancelled, @Nullable Throwable error) {
        if (cancelled == null) {
            logger.warn("Shutting operations down failed; what still runs is cancelled", error);
        } else if (cancelled > 0) {
            logger.warn(
                    "The shutdown cancelled {} operations that were still running after {}; their results are lost",
                    cancelled,
                    grace);
        } else if (open > 0) {
            logger.info("All operations are done");
        }
    }

    /** The number is only for the log. */
    private int open() {
        try {
            return executor.open();
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
