package io.asyncmcp.store;

import io.asyncmcp.Operation;

/**
 * The one place where an operation's state is kept and changed.
 *
 * <p>Thread-safe. Every change is one compare-and-set; of two writers that race, one sees {@code false}.
 * Two records are equal if they are of the same operation, so that the one a store finds leads to what runs.
 *
 * @since 0.1.0
 */
public interface OperationRecord {

    /**
     * Returns the present state.
     *
     * @return the latest snapshot
     */
    Operation current();

    /**
     * Changes the state if it is still the expected one.
     *
     * @param expected a snapshot that {@link #current()} returned
     * @param next the new state; a status that differs must be one the expected status can become
     * @return {@code false} if somebody else changed it first
     */
    boolean compareAndSet(Operation expected, Operation next);

    /**
     * Notes that the result was handed to a caller that came back for it, so that it may go first where memory is short. Does
     * nothing if there is none.
     */
    void fetched();

    /**
     * Notes that everybody who waited for the operation has been told of its end, so that what only they needed may go: the
     * exception of one that failed. Does nothing if it has not ended.
     */
    void told();

    /**
     * Makes the operation known under an id, so that the store finds it from now on. Calling it again changes nothing.
     *
     * @return the state, with an id
     */
    Operation publish();
}
