package io.asyncmcp.store;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.ResultMemory;
import java.util.List;
import java.util.Optional;

/**
 * Keeps operations.
 *
 * <p>Thread-safe. A store may block; it is never called on an event loop or on a timer's thread.
 *
 * @since 0.1.0
 */
public interface OperationStore extends AutoCloseable {

    /**
     * Takes a new operation in. Whether it can be found before it is published is the store's affair.
     *
     * @param initial its first state, without an id
     * @return its record
     */
    OperationRecord create(Operation initial);

    /**
     * Finds a published operation.
     *
     * @param id its id
     * @return its record, or empty if there is none or it has expired
     */
    Optional<OperationRecord> find(String id);

    /**
     * Lists published operations, newest first.
     *
     * @param query which ones
     * @return snapshots
     */
    List<Operation> list(OperationQuery query);

    /**
     * Says where operations are kept, for those who operate the server.
     *
     * @return what completes the sentence "Operations are kept in ..."; the name of the class by default
     */
    default String description() {
        return getClass().getSimpleName();
    }

    /**
     * Counts published operations that have not expired.
     *
     * @return the number, possibly an estimate
     */
    long size();

    /**
     * Tells how much memory results take up.
     *
     * @return the memory; zero for a store that keeps them elsewhere
     */
    ResultMemory resultMemory();

    /**
     * Removes what has outlived its retention.
     *
     * @return how many operations went since the last call
     */
    int expire();

    /** Gives up what the store holds. */
    @Override
    void close();
}
