package io.asyncmcp;

import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.engine.OperationEngine;
import io.asyncmcp.store.OperationRecord;

/** An engine that runs what it is given, and fails at everything, that included. */
final class FailingEngine implements OperationEngine {

    private boolean failingToClose;

    /** From now on it cannot be closed either. */
    void failToClose() {
        failingToClose = true;
    }

    @Override
    public void submit(OperationRecord record, Runnable work) {
        work.run();
        throw new IllegalStateException("ran it, and failed then");
    }

    @Override
    public void interrupt(OperationRecord record) {
        throw new IllegalStateException("cannot interrupt");
    }

    @Override
    public void changed(OperationRecord record) {
        throw new IllegalStateException("cannot spread the news");
    }

    @Override
    public Watch watch(OperationRecord record, Runnable onChange) {
        throw new IllegalStateException("cannot watch");
    }

    @Override
    public void close() {
        if (failingToClose) {
            throw new IllegalStateException("cannot close");
        }
    }
}
