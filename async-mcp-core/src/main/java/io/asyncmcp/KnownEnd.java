package io.asyncmcp;

import io.asyncmcp.store.OperationRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that tells an operation's end without asking the store, for an engine that looks for those who follow it.
 *
 * @param record the record that it stands for, and is equal to
 * @param current the end
 */
record KnownEnd(OperationRecord record, Operation current) implements OperationRecord {

    @Override
    public boolean compareAndSet(Operation expected, Operation next) {
        return record.compareAndSet(expected, next);
    }

    @Override
    public void fetched() {
        record.fetched();
    }

    @Override
    public void told() {
        record.told();
    }

    @Override
    public Operation publish() {
        return record.publish();
    }

    /** The one who looks something up is asked, and not what is found. */
    @Override
    public boolean equals(@Nullable Object other) {
        return record.equals(other);
    }

    @Override
    public int hashCode() {
        return record.hashCode();
    }
}
