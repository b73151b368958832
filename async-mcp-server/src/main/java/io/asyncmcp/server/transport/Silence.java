package io.asyncmcp.server.transport;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices which requests have been silent for long, on a transport that cannot send a comment.
 *
 * <p>Each request that waits is one task of the timer; without any the timer has nothing to do. Thread-safe.
 */
final class Silence implements AutoCloseable {

    private final long longest;

    private final ScheduledExecutorService timer;

    private final Ticker ticker;

    /**
     * Creates it.
     *
     * @param longest how long a request may be silent
     * @param timer looks; shut down with this
     * @param ticker measures the silence
     */
    Silence(Duration longest, ScheduledExecutorService timer, Ticker ticker) {
        this.longest = TimeUnit.NANOSECONDS.convert(longest);
        this.timer = timer;
        this.ticker = ticker;
    }

    /** Returns the time to measure a silence from, in nanoseconds. */
    long now() {
        return ticker.read();
    }

    /**
     * Does something each time a request has been silent for too long.
     *
     * @param since when the silence began, as {@link #now} told it
     * @param action must not block
     * @return ends it
     */
    Runnable when(LongSupplier since, Runnable action) {
        Watch watch = new Watch(since, action);
        watch.lookIn(longest);
        return watch::end;
    }

    @Override
    public void close() {
        timer.shutdown();
    }

    private final class Watch {

        private final LongSupplier since;

        private final Runnable action;

        /** Set before {@link #ended} is read, and read after that is set: one of the two threads cancels it. */
        private volatile @Nullable Future<?> next;

        private volatile boolean ended;

        Watch(LongSupplier since, Runnable action) {
            this.since = since;
            this.action = action;
        }

        private void look() {
            long left = since.getAsLong() + longest - now();
            if (left > 0) {
                lookIn(left);
                return;
            }
            // Before the action, which may end this. Where the client does not read, the silence goes on.
            lookIn(longest);
            action.run();
        }

        void lookIn(long nanos) {
            try {
                next = timer.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // The server is shutting down.
                return;
            }
            if (ended) {
                cancel();
            }
        }

        void end() {
            ended = true;
            cancel();
        }

        private void cancel() {
            Future<?> known = next;
            if (known != null) {
                known.cancel(false);
            }
        }
    }
}
