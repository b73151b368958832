package io.asyncmcp;

import io.asyncmcp.engine.OperationEngine;
import io.asyncmcp.store.OperationRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's wait for an operation to end: a future, a watch and a time-out, and no thread.
 *
 * <p>The end and the time-out race for the future; the first to complete it decides what the caller sees, and both saw
 * the truth of their moment. It is the future itself because every call has one.
 */
final class OperationWait extends CompletableFuture<Operation> implements Runnable {

    private static final Logger logger = LoggerFactory.getLogger(OperationWait.class);

    private static final AtomicReferenceFieldUpdater<OperationWait, AsyncExecutor.@Nullable Watch> WATCH =
            AtomicReferenceFieldUpdater.newUpdater(OperationWait.class, AsyncExecutor.Watch.class, "watch");

    private static final AtomicIntegerFieldUpdater<OperationWait> COUNTED =
            AtomicIntegerFieldUpdater.newUpdater(OperationWait.class, "counted");

    /** 1 while the wait is under way. */
    private volatile int counted;

    private final OperationRecord record;

    private final Function<OperationRecord, Operation> reading;

    private final Consumer<Operation> onChange;

    private final Function<OperationRecord, Operation> atTimeout;

    private final AtomicInteger waiting;

    private final Timeouts.Timeout timeout = new Timeouts.Timeout() {
        @Override
        void due() {
            timeOut();
        }
    };

    private volatile AsyncExecutor.@Nullable Watch watch;

    /**
     * Creates a wait that has not begun.
     *
     * @param record what to wait for
     * @param reading reads the record when there is news
     * @param onChange is passed on where the operation stands
     * @param atTimeout what the caller gets whose time is up
     * @param waiting counts the waits that are under way
     */
    OperationWait(
            OperationRecord record,
            Function<OperationRecord, Operation> reading,
            Consumer<Operation> onChange,
            Function<OperationRecord, Operation> atTimeout,
            AtomicInteger waiting) {
        this.record = record;
        this.reading = reading;
        this.onChange = onChange;
        this.atTimeout = atTimeout;
        this.waiting = waiting;
    }

    /** Begins to wait. */
    void begin(OperationEngine engine, Timeouts timeouts, Duration limit) {
        waiting.incrementAndGet();
        counted = 1;
        try {
            watch = engine.watch(record, this);
            timeouts.set(timeout, limit);
            // The operation may have ended before the watch was there.
            check();
        } catch (Throwable e) {
            completeExceptionally(e);
        }
        if (isDone()) {
            // The wait may have ended before there was a watch or a time-out.
            letGo();
        }
    }

    /** The news of a change. */
    @Override
    public void run() {
        check();
    }

    /** Ends the wait if the operation has ended, and passes on where it stands if not. */
    private void check() {
        Operation now = reading.apply(record);
        if (now.status().isTerminal()) {
            if (!isDone()) {
                passOnTheLastReport(now, onChange);
                complete(now);
            }
        } else if (!isDone()) {
            passOn(now, onChange);
        }
    }

    /** The answer to somebody who comes after the end. */
    static CompletableFuture<Operation> over(Operation end, Consumer<Operation> onChange) {
        passOnTheLastReport(end, onChange);
        return CompletableFuture.completedFuture(end);
    }

    /** The end may have overtaken it. */
    private static void passOnTheLastReport(Operation end, Consumer<Operation> onChange) {
        if (end.progress() != null) {
            passOn(end, onChange);
        }
    }

    private static void passOn(Operation now, Consumer<Operation> onChange) {
        try {
            onChange.accept(now);
        } catch (Throwable e) {
            logger.warn("One who follows an operation while waiting for it failed; the wait goes on", e);
        }
    }

    private void timeOut() {
        if (isDone()) {
            // Nobody is there to take a handle.
            return;
        }
        try {
            complete(atTimeout.apply(record));
        } catch (Throwable e) {
            completeExceptionally(e);
        }
    }

    // ---- ending ------------------------------------------------------------------------------------------------

    @Override
    public boolean complete(Operation answer) {
        leave();
        return super.complete(answer) && ended();
    }

    @Override
    public boolean completeExceptionally(Throwable error) {
        leave();
        return super.completeExceptionally(error) && ended();
    }

    /** A caller that goes away ends its wait. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        leave();
        return super.cancel(mayInterruptIfRunning) && ended();
    }

    /** Before the answer is there, so that a caller that has it is not counted any more. */
    private void leave() {
        if (COUNTED.compareAndSet(this, 1, 0)) {
            waiting.decrementAndGet();
        }
    }

    /** Done by the first to complete the future. */
    private boolean ended() {
        letGo();
        return true;
    }

    private void letGo() {
        timeout.takeBack();
        AsyncExecutor.Watch old = WATCH.getAndSet(this, null);
        if (old != null) {
            old.close();
        }
    }
}
