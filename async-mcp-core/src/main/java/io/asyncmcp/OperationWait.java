package io.asyncmcp;

import io.asyncmcp.store.OperationRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's wait for an operation to end: a watch, a timer and a future, and no thread.
 *
 * <p>The end and the timer race for the future; whoever completes it first decides what the caller sees, and both saw
 * the truth of their moment.
 */
final class OperationWait {

    private static final Logger logger = LoggerFactory.getLogger(OperationWait.class);

    private final OperationRecord record;

    private final Consumer<Operation> onChange;

    private final CompletableFuture<Operation> future = new CompletableFuture<>();

    /** Guarded by this. */
    private boolean over;

    /** Guarded by this. */
    private AsyncExecutor.@Nullable Watch watch;

    /** Guarded by this. */
    private @Nullable Future<?> timer;

    OperationWait(OperationRecord record, Consumer<Operation> onChange) {
        this.record = record;
        this.onChange = onChange;
        future.whenComplete((operation, error) -> giveUp());
    }

    CompletableFuture<Operation> future() {
        return future;
    }

    /** Ties a watch to this wait, to be closed with it; closes it at once if the wait is over. */
    void bind(AsyncExecutor.Watch newWatch) {
        synchronized (this) {
            if (!over) {
                watch = newWatch;
                return;
            }
        }
        newWatch.close();
    }

    /** Ties a timer to this wait, to be cancelled with it; cancels it at once if the wait is over. */
    void bind(Future<?> newTimer) {
        synchronized (this) {
            if (!over) {
                timer = newTimer;
                return;
            }
        }
        newTimer.cancel(false);
    }

    /** Ends the wait if the operation has ended, and passes on where it stands if not. */
    void check() {
        Operation now = record.current();
        if (now.status().isTerminal()) {
            if (now.progress() != null && !future.isDone()) {
                // The last report, which the end may have overtaken.
                passOn(now);
            }
            future.complete(now);
        } else if (!future.isDone()) {
            passOn(now);
        }
    }

    private void passOn(Operation now) {
        try {
            onChange.accept(now);
        } catch (Throwable e) {
            logger.warn("One who follows an operation while waiting for it failed; the wait goes on", e);
        }
    }

    /** Ends the wait with what a caller gets whose time is up. */
    void timeOut(Function<OperationRecord, Operation> answer) {
        if (future.isDone()) {
            // Nobody is there to take a handle.
            return;
        }
        try {
            future.complete(answer.apply(record));
        } catch (Throwable e) {
            future.completeExceptionally(e);
        }
    }

    private void giveUp() {
        AsyncExecutor.Watch oldWatch;
        Future<?> oldTimer;
        synchronized (this) {
            over = true;
            oldWatch = watch;
            oldTimer = timer;
            watch = null;
            timer = null;
        }
        if (oldWatch != null) {
            oldWatch.close();
        }
        if (oldTimer != null) {
            oldTimer.cancel(false);
        }
    }
}
