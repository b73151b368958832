package io.asyncmcp.benchmarks.core;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Child;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Memory;
import io.asyncmcp.benchmarks.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Finished operations leave their retention while calls are served: a look-up of an operation that stays, and the start of
 * one that is over at once. The baseline serves the same calls with nothing that expires.
 */
public final class ExpiryRun implements BenchmarkRun {

    private static final int COUNT = 1_000_000;

    private static final int FEWER = 100;

    private static final int QUICK_COUNT = 20_000;

    private static final Duration RETENTION = Duration.ofSeconds(20);

    private static final Duration QUICK_RETENTION = Duration.ofSeconds(2);

    private static final double DELAY_MILLIS = 10;

    private static final double SWEEP_MILLIS = 1;

    private static final double REST_MEGABYTES = 5;

    private static final long BETWEEN_CALLS = TimeUnit.MICROSECONDS.toNanos(500);

    private static final int RUNNING = 200;

    private static final int CLEANUPS = 100;

    private static final double MEGABYTE = 1024 * 1024;

    @Override
    public List<Comparison> run(int number, boolean quick) throws IOException, InterruptedException {
        int count = quick ? QUICK_COUNT : COUNT;
        long retention = (quick ? QUICK_RETENTION : RETENTION).toSeconds();
        Child.Pair pair = Child.measureBoth(number, ExpiryRun.class, List.of("-Xms3g", "-Xmx3g"), count, retention);
        return List.of(
                pair.compare(
                        "max",
                        count + " operations leave their retention: the longest call meanwhile, without the collector's"
                                + " pauses",
                        "ms",
                        Target.neverInExcessOf(DELAY_MILLIS)),
                pair.compare("max with pauses", "the same, with them", "ms", Target.NONE),
                pair.compare("p999", "the same: p99.9 of the calls", "ms", Target.NONE),
                pair.compare(
                        "sweep", "the same: a clean-up while nothing expires", "ms", Target.excessAtMost(SWEEP_MILLIS)),
                pair.compare("held", "the same: heap while they are kept", "MB", Target.NONE),
                new Comparison(
                        "a clean-up that clears " + count + " away: for each, beside one of " + count / FEWER,
                        "ns",
                        nanosForEach(pair, "each"),
                        nanosForEach(pair, "each of fewer"),
                        Target.NONE),
                pair.compare("rest", "the same: heap afterwards", "MB", Target.excessAtMost(REST_MEGABYTES)));
    }

    private static double nanosForEach(Child.Pair pair, String name) {
        return Objects.requireNonNull(pair.starter().get(name), name);
    }

    /** The measurement, in a JVM of its own. */
    public static void main(String[] arguments) throws InterruptedException {
        int count = arguments[0].equals("starter") ? Integer.parseInt(arguments[1]) : 0;
        Duration retention = Duration.ofSeconds(Long.parseLong(arguments[2]));
        ExecutorConfig config =
                ExecutorConfig.DEFAULTS.withRetentionPeriod(retention).withCleanupInterval(retention.dividedBy(2));
        ExecuteOptions options = ExecuteOptions.ofType("expiring");
        try (AsyncExecutor executor = AsyncExecutor.builder().config(config).build()) {
            String staying = executor.submit(context -> Thread.currentThread().join(Duration.ofDays(1)), options)
                    .requireId();
            serve(executor, staying, options, Duration.ofSeconds(2));
            long before = Memory.used();
            fill(executor, count, options);
            Child.print("held", (Memory.used() - before) / MEGABYTE);
            Child.print("sweep", cleanupMillis(executor));
            if (executor.statistics().retained() < count) {
                throw new IllegalStateException("some have gone already: " + executor.statistics());
            }
            Served calls = serve(executor, staying, options, retention.multipliedBy(2));
            if (count > 0 && executor.statistics().retained() > count / 2) {
                throw new IllegalStateException("they are still there: " + executor.statistics());
            }
            Child.print("max", calls.withoutPauses().getMaxValue() / 1e6);
            Child.print("max with pauses", calls.all().getMaxValue() / 1e6);
            Child.print("p999", calls.all().getValueAtPercentile(99.9) / 1e6);
            // Those that were served meanwhile go too.
            TimeUnit.NANOSECONDS.sleep(retention.plusSeconds(2).toNanos());
            executor.cleanup();
            if (executor.statistics().retained() != 1) {
                throw new IllegalStateException("one is to be left: " + executor.statistics());
            }
            Child.print("rest", (Memory.used() - before) / MEGABYTE);
            executor.cancel(staying, null);
        }
        if (count > 0) {
            // The first ones are to warm up.
            for (int size : new int[] {count / FEWER, count / FEWER, count / FEWER, count / FEWER}) {
                Child.print("each of fewer", nanosToClear(size, options));
            }
            Child.print("each", nanosToClear(count, options));
        }
    }

    /** What it costs to clear one away, if so many go at once. */
    private static double nanosToClear(int count, ExecuteOptions options) throws InterruptedException {
        AtomicLong now = new AtomicLong();
        ExecutorConfig config = ExecutorConfig.DEFAULTS.withCleanupInterval(Duration.ofDays(1));
        try (AsyncExecutor executor =
                AsyncExecutor.builder().config(config).ticker(now::get).build()) {
            fill(executor, count, options);
            now.addAndGet(config.retentionPeriod().plusSeconds(1).toNanos());
            long start = System.nanoTime();
            int gone = executor.cleanup();
            long took = System.nanoTime() - start;
            // The last body has returned, and may not have ended.
            if (gone < count - RUNNING) {
                throw new IllegalStateException(gone + " of " + count + " were cleared away");
            }
            return took / (double) gone;
        }
    }

    private static void fill(AsyncExecutor executor, int count, ExecuteOptions options) throws InterruptedException {
        Semaphore running = new Semaphore(RUNNING);
        for (int i = 0; i < count; i++) {
            running.acquire();
            executor.submit(
                    context -> {
                        running.release();
                        return "done";
                    },
                    options);
        }
        running.acquire(RUNNING);
    }

    /** What a clean-up costs that finds nothing to clear away. */
    private static double cleanupMillis(AsyncExecutor executor) {
        Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
        for (int i = 0; i < CLEANUPS; i++) {
            long start = System.nanoTime();
            executor.cleanup();
            histogram.recordValue(System.nanoTime() - start);
        }
        return histogram.getValueAtPercentile(50) / 1e6;
    }

    /** How long calls took, in nanoseconds. The collector copies what is kept, however much of it there is. */
    private record Served(Histogram all, Histogram withoutPauses) {}

    private static Served serve(AsyncExecutor executor, String staying, ExecuteOptions options, Duration time)
            throws InterruptedException {
        Served served = new Served(
                new Histogram(TimeUnit.MINUTES.toNanos(1), 3), new Histogram(TimeUnit.MINUTES.toNanos(1), 3));
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            long pauses = Memory.pauses();
            long start = System.nanoTime();
            executor.find(staying, null);
            executor.execute(context -> "done", options);
            executor.submit(context -> "done", options);
            long took = System.nanoTime() - start;
            long paused = TimeUnit.MILLISECONDS.toNanos(Memory.pauses() - pauses);
            served.all().recordValue(took);
            served.withoutPauses().recordValue(Math.max(0, took - paused));
            LockSupport.parkNanos(BETWEEN_CALLS);
        }
        return served;
    }
}
