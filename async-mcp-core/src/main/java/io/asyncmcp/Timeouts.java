package io.asyncmcp;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time-outs that are hardly ever reached: each is set with its operation and taken back with its end.
 *
 * <p>Setting each on the timer would wake the timer's thread for most calls, only to be taken back a moment later. So those
 * that end within the same slot of time share one timer task, which stays when they are taken back. A time-out comes up to
 * a slot late, and never early. Thread-safe.
 */
final class Timeouts {

    private static final long FINE_SLOT = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long COARSE_SLOT = TimeUnit.SECONDS.toNanos(1);

    /** From here on a second is little. Longer ones would keep too many fine slots open. */
    private static final long COARSE_FROM = TimeUnit.MINUTES.toNanos(1);

    private final ScheduledExecutorService timer;

    private final Executor threads;

    private final Ticker ticker;

    private final Slots fine = new Slots(FINE_SLOT);

    private final Slots coarse = new Slots(COARSE_SLOT);

    /**
     * Creates it.
     *
     * @param timer only hands over
     * @param threads what is due runs here
     * @param ticker the monotonic clock
     */
    Timeouts(ScheduledExecutorService timer, Executor threads, Ticker ticker) {
        this.timer = timer;
        this.threads = threads;
        this.ticker = ticker;
    }

    /** Does something once its time has come, unless it was taken back before. For one use. */
    abstract static class Timeout {

        private volatile @Nullable Slot slot;

        /** Guarded by the slot. */
        private @Nullable Timeout previous;

        /** Guarded by the slot. */
        private @Nullable Timeout next;

        /** What is done; on one of the threads for that. */
        abstract void due();

        /** Takes it back. Does nothing if its time has come, or if it is not set. */
        final void takeBack() {
            Slot present = slot;
            if (present != null) {
                present.remove(this);
            }
        }
    }

    /**
     * Sets a time-out. On a timer that is shut down nothing becomes due any more.
     *
     * @throws RejectedExecutionException if the timer does not take it although it is not shut down
     */
    void set(Timeout timeout, Duration delay) {
        long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(delay));
        (nanos < COARSE_FROM ? fine : coarse).set(timeout, nanos);
    }

    /** How many are set, for tests. */
    int size() {
        return fine.size() + coarse.size();
    }

    /** All time-outs of one precision. */
    private final class Slots {

        private final long width;

        private final ConcurrentMap<Long, Slot> open = new ConcurrentHashMap<>();

        /** What was used last, because the next one usually ends in the same slot. */
        private volatile @Nullable Slot recent;

        Slots(long width) {
            this.width = width;
        }

        void set(Timeout timeout, long delay) {
            long now = ticker.read();
            long wanted = now + delay;
            // A sum that overflows is later than any clock gets.
            long last = Long.MAX_VALUE / width;
            long number = wanted < now ? last : Math.min(last, -Math.floorDiv(-wanted, width));
            while (true) {
                Slot slot = recent;
                if (slot == null || slot.number != number) {
                    slot = open.computeIfAbsent(number, key -> new Slot(this, key));
                    recent = slot;
                }
                if (slot.add(timeout, now)) {
                    return;
                }
                // It fires just now. The next one made under its number fires at once.
                open.remove(number, slot);
                recent = null;
            }
        }

        int size() {
            return open.values().stream().mapToInt(Slot::size).sum();
        }
    }

    /** Time-outs that become due together. */
    private final class Slot implements Runnable {

        private final Slots slots;

        private final long number;

        /** Guarded by this. */
        private @Nullable Timeout first;

        /** Guarded by this. */
        private boolean scheduled;

        /** Guarded by this. */
        private boolean due;

        Slot(Slots slots, long number) {
            this.slots = slots;
            this.number = number;
        }

        boolean add(Timeout timeout, long now) {
            synchronized (this) {
                if (due) {
                    return false;
                }
                timeout.slot = this;
                timeout.next = first;
                if (first != null) {
                    first.previous = timeout;
                }
                first = timeout;
                if (scheduled) {
                    return true;
                }
                scheduled = true;
            }
            schedule(Math.max(0, number * slots.width - now));
            return true;
        }

        private void schedule(long delay) {
            try {
                timer.schedule(this, delay, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                slots.open.remove(number, this);
                if (!timer.isShutdown()) {
                    // A caller that counts on a time-out that never comes would wait for ever.
                    takeAll();
                    throw e;
                }
                // Closed in the meantime, which cancels every operation: there is nothing left to be timed.
            }
        }

        synchronized void remove(Timeout timeout) {
            Timeout before = timeout.previous;
            Timeout after = timeout.next;
            if (before == null && first != timeout) {
                return;
            }
            if (before == null) {
                first = after;
            } else {
                before.next = after;
            }
            if (after != null) {
                after.previous = before;
            }
            timeout.previous = null;
            timeout.next = null;
        }

        @Override
        public void run() {
            slots.open.remove(number, this);
            takeAll().forEach(each -> threads.execute(each::due));
        }

        private synchronized List<Timeout> takeAll() {
            due = true;
            List<Timeout> all = new ArrayList<>();
            for (Timeout each = first; each != null; ) {
                Timeout after = each.next;
                each.previous = null;
                each.next = null;
                all.add(each);
                each = after;
            }
            first = null;
            return all;
        }

        synchronized int size() {
            int count = 0;
            for (Timeout each = first; each != null; each = each.next) {
                count++;
            }
            return count;
        }
    }
}
