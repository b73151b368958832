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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Operations whose bodies wait for a minute, so that each is promoted on the way, beside bare virtual threads that wait. */
public final class ParkedRun implements BenchmarkRun {

    private static final int COUNT = 100_000;

    private static final int QUICK_COUNT = 5_000;

    private static final int SECONDS = 60;

    /** What is interpreted takes longer, and parks with larger frames. */
    private static final int WARM_UPS = 5;

    /** The last body has ended a moment before its operation has. */
    private static final int SECONDS_BETWEEN = 1;

    private static final double BYTES = 1.5;

    private static final double RATE = 0.6;

    @Override
    public List<Comparison> run(int number, boolean quick) throws IOException, InterruptedException {
        int count = quick ? QUICK_COUNT : COUNT;
        int seconds = quick ? 1 : SECONDS;
        Child.Pair pair = Child.measureBoth(number, ParkedRun.class, List.of("-Xms3g", "-Xmx3g"), count, seconds);
        return List.of(
                pair.compare(
                        "bytes",
                        count + " operations parked for " + seconds + " s: heap per operation",
                        "B",
                        Target.ratioAtMost(BYTES)),
                pair.compare("rate", "the same: start rate", "1/s", Target.ratioAtLeast(RATE)));
    }

    /** The measurement, in a JVM of its own. */
    public static void main(String[] arguments) throws InterruptedException {
        int count = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        ExecutorConfig config = ExecutorConfig.DEFAULTS.withLimits(new Limits(count, 0, 0));
        ExecuteOptions options = ExecuteOptions.ofType("parked");
        try (AsyncExecutor executor = AsyncExecutor.builder().config(config).build();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            if (arguments[0].equals("starter")) {
                measure(count, seconds, body -> executor.executeAsync(context -> body.call(), options));
            } else {
                measure(count, seconds, threads::submit);
            }
        }
    }

    private static void measure(int count, int seconds, Consumer<Callable<Object>> starter)
            throws InterruptedException {
        for (int i = 0; i < WARM_UPS; i++) {
            new Parked(count).start(starter).end();
            TimeUnit.SECONDS.sleep(SECONDS_BETWEEN);
        }
        Parked parked = new Parked(count);
        long before = Memory.used();
        long start = System.nanoTime();
        parked.start(starter);
        long took = System.nanoTime() - start;
        TimeUnit.SECONDS.sleep(seconds);
        Child.print("bytes", (Memory.used() - before) / (double) count);
        Child.print("rate", count * (double) TimeUnit.SECONDS.toNanos(1) / took);
        parked.end();
    }

    /** Bodies that wait until they may all end. */
    private static final class Parked {

        private final CompletableFuture<Object> gate = new CompletableFuture<>();

        private final CountDownLatch running;

        private final CountDownLatch ended;

        Parked(int count) {
            running = new CountDownLatch(count);
            ended = new CountDownLatch(count);
        }

        private Object body() throws Exception {
            running.countDown();
            Object result = gate.get();
            ended.countDown();
            return result;
        }

        Parked start(Consumer<Callable<Object>> starter) throws InterruptedException {
            for (long i = running.getCount(); i > 0; i--) {
                starter.accept(this::body);
            }
            running.await();
            return this;
        }

        void end() throws InterruptedException {
            gate.complete("done");
            ended.await();
        }
    }
}
