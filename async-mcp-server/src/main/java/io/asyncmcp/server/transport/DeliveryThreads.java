package io.asyncmcp.server.transport;

import java.util.concurrent.ExecutorService;

/**
 * The threads that write to clients. Not an {@code Executor} itself, so that a container does not take it for the
 * application's.
 *
 * @param executor runs short tasks that may block on a slow client
 * @since 0.1.0
 */
public record DeliveryThreads(ExecutorService executor) implements AutoCloseable {

    @Override
    public void close() {
        executor.shutdown();
    }
}
