package io.asyncmcp;

import io.asyncmcp.store.OperationRecord;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One caller's wait for an operation to end: a watch, a timer and a future, and no thread.
 *
 * <p>The end and the timer race for the future; whoever completes it first decides what the caller sees, and both saw
 * the truth of their moment.
 */
final class OperationWait {

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

    /** Ties what is to be given up to this wait; gives it up at once if the wait is over. */
    void bind(AsyncExecutor.Watch newWatch, Future<?> newTimer) {
        synchronized (this) {
            if (!over) {
                watch = newWatch;
                timer = newTimer;
                return;
            }
        }
        newWatch.close();
        newTimer.cancel(false);
    }

    /** Ends the wait if the operation has ended, and passes on where it stands if not. */
    void check() {
        Operation now = record.current();
        if (now.status().isTerminal()) {
            future.complete(now);
        } else if (!future.isDone()) {
            onChange.accept(now);
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
