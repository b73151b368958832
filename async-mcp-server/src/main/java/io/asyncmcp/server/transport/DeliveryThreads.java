package io.asyncmcp.server.transport;

import io.asyncmcp.engine.OperationThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * The threads that write to clients. Not an {@code Executor} itself, so that a container does not take it for the
 * application's.
 *
 * @param executor runs short tasks that may block on a slow client
 * @since 0.1.0
 */
public record DeliveryThreads(ExecutorService executor) implements AutoCloseable {

    /**
     * Returns what runs a task that does not block. A virtual thread runs it by itself: it serves one operation, whose body has
     * returned, and nobody waits for it. Other threads may be few, and hand it over.
     *
     * @param delivery where other threads hand it over to
     * @return the executor
     */
    public static Executor orVirtual(Executor delivery) {
        return task -> {
            if (OperationThreads.isVirtual(Thread.currentThread())) {
                task.run();
            } else {
                delivery.execute(task);
            }
        };
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
