package io.asyncmcp.store;

import io.asyncmcp.Operation;

/** What every store checks. */
final class OperationRecords {

    private OperationRecords() {}

    static void checkTransition(Operation expected, Operation next) {
        if (expected.status() != next.status() && !expected.status().canBecome(next.status())) {
            throw new IllegalStateException("an operation that is " + expected.status() + " cannot become "
                    + next.status() + ": terminal states are final");
        }
        if (expected.status().isTerminal()) {
            throw new IllegalStateException("an operation that is " + expected.status() + " does not change");
        }
    }
}
