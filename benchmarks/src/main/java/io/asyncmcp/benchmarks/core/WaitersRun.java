package io.asyncmcp.benchmarks.core;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Child;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Memory;
import io.asyncmcp.benchmarks.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Somebody waits for each of many operations. They end one by one, and each waiter goes on, on a virtual thread, when its
 * own has ended; beside the same with bare futures.
 */
public final class WaitersRun implements BenchmarkRun {

    private static final int COUNT = 10_000;

    private static final int QUICK_COUNT = 1_000;

    private static final double P99 = 2;

    private static final double NINETY_NINE = 99;

    private static final long BETWEEN_ENDS = TimeUnit.MICROSECONDS.toNanos(200);

    @Override
    public List<Comparison> run(int number, boolean quick) throws IOException, InterruptedException {
        int count = quick ? QUICK_COUNT : COUNT;
        Child.Pair pair = Child.measureBoth(number, WaitersRun.class, List.of("-Xms2g", "-Xmx2g"), count);
        return List.of(
                pair.compare(
                        "p99",
                        count + " waiters on " + count + " operations: wake-up p99",
                        "us",
                        Target.ratioAtMost(P99)),
                pair.compare("p50", "the same: wake-up p50", "us", Target.NONE),
                pair.compare("threads", "the same: platform threads", "threads", Target.excessAtMost(10)),
                pair.compare("virtual", "the same: virtual threads", "threads", Target.excessAtMost(10)));
    }

    /** The measurement, in a JVM of its own. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int count = Integer.parseInt(arguments[1]);
        ExecutorConfig config = ExecutorConfig.DEFAULTS.withLimits(new Limits(3 * count, 0, 0));
        ExecuteOptions options = ExecuteOptions.ofType("awaited");
        try (AsyncExecutor executor = AsyncExecutor.builder().config(config).build()) {
            Function<CompletableFuture<Object>, CompletionStage<?>> waiter = arguments[0].equals("starter")
                    ? work -> executor.continueOperationAsync(
                            executor.submit(context -> work, options).requireId(), null, Duration.ofSeconds(50))
                    : work -> work.copy();
            measure(count, waiter);
            // The first round was to warm up.
            Histogram histogram = measure(count, waiter);
            Child.print("p99", histogram.getValueAtPercentile(NINETY_NINE) / 1e3);
            Child.print("p50", histogram.getValueAtPercentile(50) / 1e3);
        }
    }

    private static Histogram measure(int count, Function<CompletableFuture<Object>, CompletionStage<?>> waiter)
            throws IOException, InterruptedException {
        List<CompletableFuture<Object>> works = new ArrayList<>();
        Histogram histogram = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(1), 3);
        CountDownLatch woken = new CountDownLatch(count);
        long[] ended = new long[count];
        try (ExecutorService consumers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                int index = i;
                CompletableFuture<Object> work = new CompletableFuture<>();
                works.add(work);
                waiter.apply(work)
                        .thenRunAsync(
                                () -> {
                                    histogram.recordValue(System.nanoTime() - ended[index]);
                                    woken.countDown();
                                },
                                consumers);
            }
            // Their bodies begin on threads of their own.
            TimeUnit.SECONDS.sleep(1);
            Child.print("threads", Memory.threads());
            Child.print("virtual", Memory.virtualThreads());
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                order.add(i);
            }
            Collections.shuffle(order, new Random(1));
            for (int index : order) {
                ended[index] = System.nanoTime();
                works.get(index).complete("done");
                LockSupport.parkNanos(BETWEEN_ENDS);
            }
            woken.await();
        }
        return histogram;
    }
}
