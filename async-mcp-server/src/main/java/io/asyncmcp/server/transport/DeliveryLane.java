package io.asyncmcp.server.transport;

import io.asyncmcp.server.json.JsonFailures;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's share of the delivery threads: a client that does not read holds few of them, whatever is to be sent to it.
 *
 * <p>Tasks begin in the order in which they come. The queue needs no bound of its own: every open request has at most one
 * task in it, either what its operation has to tell or the reply that follows. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DeliveryLane implements Executor {

    private static final Logger logger = LoggerFactory.getLogger(DeliveryLane.class);

    private final Executor delivery;

    private final int width;

    /** Guarded by this. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    /** How many threads the session holds or has asked for. Guarded by this. */
    private int threads;

    /**
     * Creates it.
     *
     * @param delivery the threads that all sessions share
     * @param width how many of them the session may hold at once; with one, tasks run one after the other
     */
    public DeliveryLane(Executor delivery, int width) {
        this.delivery = delivery;
        this.width = width;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            waiting.add(task);
            if (threads == width) {
                return;
            }
            threads++;
        }
        try {
            delivery.execute(this::runNext);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                threads--;
                if (!waiting.remove(task)) {
                    // Another thread of the lane was quicker.
                    return;
                }
            }
            throw e;
        }
    }

    /** One task for each turn, so that a busy session does not keep its thread from the others. */
    private void runNext() {
        boolean more = true;
        while (more) {
            Runnable task = next();
            if (task != null) {
                run(task);
            }
            more = goesOn() && !handedOver();
        }
    }

    private synchronized @Nullable Runnable next() {
        return waiting.poll();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            logger.warn("A message to a client was lost", JsonFailures.loggable(e));
        }
    }

    private synchronized boolean goesOn() {
        if (waiting.isEmpty()) {
            threads--;
            return false;
        }
        return true;
    }

    private boolean handedOver() {
        try {
            delivery.execute(this::runNext);
            return true;
        } catch (RejectedExecutionException e) {
            // The server is shutting down: what is there already goes out on this thread.
            return false;
        }
    }
}
