package io.asyncmcp.engine;

import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.store.OperationRecord;

/**
 * Runs operations and spreads the news of their changes.
 *
 * <p>Thread-safe. It never changes a record; the code that does calls {@link #changed}.
 *
 * @since 0.1.0
 */
public interface OperationEngine extends AutoCloseable {

    /**
     * Runs an operation on an operation thread.
     *
     * @param record the operation
     * @param work what to run; does not throw
     * @throws java.util.concurrent.RejectedExecutionException if there is no thread to be had
     */
    void submit(OperationRecord record, Runnable work);

    /**
     * Interrupts the thread that runs an operation. Does nothing if none does.
     *
     * @param record the operation
     */
    void interrupt(OperationRecord record);

    /**
     * Tells everybody who watches an operation that its record has changed.
     *
     * @param record the operation
     */
    void changed(OperationRecord record);

    /**
     * Follows an operation. The caller looks at the record after this returns, so that no change is missed.
     *
     * @param record the operation
     * @param onChange called after each change, on any thread; must not block
     * @return the watch
     */
    Watch watch(OperationRecord record, Runnable onChange);

    /** Takes no more work, and gives the threads back when what runs has returned. Whatever may be interrupted has been. */
    @Override
    void close();
}
