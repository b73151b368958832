package io.asyncmcp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** One shutdown of an executor, until the executor is started again. Thread-safe. */
final class Drain {

    /** Ends once nothing runs any more or everything was cancelled, with the number of operations cancelled. */
    private final CompletableFuture<Integer> over = new CompletableFuture<>();

    private final AtomicInteger cancelled = new AtomicInteger();

    /** Set before the first operation is cancelled, so that a drain that this brings about is told from one by itself. */
    private volatile boolean cancelling;

    CompletableFuture<Integer> over() {
        return over;
    }

    boolean isCancelling() {
        return cancelling;
    }

    void cancelling() {
        cancelling = true;
    }

    void cancelledOne() {
        cancelled.incrementAndGet();
    }

    /** Nothing runs any more. */
    void drained() {
        if (!cancelling) {
            over.complete(0);
        }
    }

    /** There is nothing more to wait for. */
    void end() {
        over.complete(cancelled.get());
    }
}
