package io.asyncmcp.benchmarks.core;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A body that returns at once, run by the executor and, as the baseline, by a bare virtual thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ExecuteBenchmark {

    private static final long TIMEOUT_SECONDS = 15;

    private static final ExecuteOptions OPTIONS = ExecuteOptions.ofType("no-op");

    private final AsyncExecutor executor = AsyncExecutor.builder().build();

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TearDown
    public void close() {
        executor.close();
        threads.close();
    }

    @Benchmark
    public Operation execute() throws InterruptedException {
        return executor.execute(context -> "done", OPTIONS);
    }

    @Benchmark
    public Object baseline() throws InterruptedException, ExecutionException, TimeoutException {
        return threads.submit(() -> "done").get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
