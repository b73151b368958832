package io.asyncmcp.doubles;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A timer whose time is moved by hand; what is due runs on the thread that moves it. Cancelled tasks are forgotten. */
public final class ManualTimer extends AbstractExecutorService implements ScheduledExecutorService {

    private final List<Task<?>> tasks = new ArrayList<>();

    private long now;

    private boolean shutdown;

    private boolean refusing;

    /** From now on it takes nothing, though it is not shut down. */
    public synchronized void refuse() {
        refusing = true;
    }

    /** Tasks that wait for their time, periodic ones apart. */
    public synchronized int pending() {
        return (int) tasks.stream().filter(task -> task.period == 0).count();
    }

    public void advance(Duration by) {
        long end;
        synchronized (this) {
            end = now + by.toNanos();
        }
        Task<?> due = nextDue(end);
        while (due != null) {
            due.fire();
            due = nextDue(end);
        }
    }

    private synchronized Task<?> nextDue(long end) {
        Task<?> first =
                tasks.stream().min(Comparator.comparingLong(task -> task.due)).orElse(null);
        if (first == null || first.due > end) {
            now = end;
            return null;
        }
        now = Math.max(now, first.due);
        tasks.remove(first);
        return first;
    }

    private synchronized <V> Task<V> add(Task<V> task) {
        if (shutdown) {
            throw new RejectedExecutionException("the timer is shut down");
        }
        if (refusing) {
            throw new RejectedExecutionException("the timer is full");
        }
        tasks.add(task);
        return task;
    }

    private synchronized long after(long delay, TimeUnit unit) {
        long due = now + unit.toNanos(delay);
        return due < now ? Long.MAX_VALUE : due;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(new Task<>(
                () -> {
                    command.run();
                    return null;
                },
                after(delay, unit),
                0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return add(new Task<>(callable, after(delay, unit), 0));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return add(new Task<>(
                () -> {
                    command.run();
                    return null;
                },
                after(initialDelay, unit),
                unit.toNanos(delay)));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable command) {
        schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
        tasks.clear();
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        List<Runnable> never = List.copyOf(tasks);
        shutdown();
        return never;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return isShutdown();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isShutdown();
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

        private final long period;

        private long due;

        Task(Callable<V> callable, long due, long period) {
            super(callable);
            this.due = due;
            this.period = period;
        }

        void fire() {
            if (period == 0) {
                run();
            } else if (runAndReset()) {
                synchronized (ManualTimer.this) {
                    due = after(period, TimeUnit.NANOSECONDS);
                    tasks.add(this);
                }
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            synchronized (ManualTimer.this) {
                tasks.remove(this);
            }
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - now, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
