package io.asyncmcp.benchmarks.core;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@link ExecuteBenchmark} on one thread and on two. */
public final class ExecuteRun implements BenchmarkRun {

    private static final double THROUGHPUT = 0.7;

    private static final double BYTES = 1.5;

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public List<Comparison> run(int number, boolean quick) throws RunnerException {
        List<Comparison> comparisons = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            RunResult first = measure(number % 2 == 0 ? "baseline" : "execute", threads, quick);
            RunResult second = measure(number % 2 == 0 ? "execute" : "baseline", threads, quick);
            RunResult baseline = number % 2 == 0 ? first : second;
            RunResult ours = number % 2 == 0 ? second : first;
            String on = threads == 1 ? ", 1 thread" : ", " + threads + " threads";
            comparisons.add(new Comparison(
                    "`execute` of a body that returns at once" + on,
                    "calls/s",
                    ours.getPrimaryResult().getScore(),
                    baseline.getPrimaryResult().getScore(),
                    Target.ratioAtLeast(THROUGHPUT)));
            comparisons.add(new Comparison(
                    "the same" + on + ": bytes allocated per call",
                    "B",
                    allocated(ours),
                    allocated(baseline),
                    Target.ratioAtMost(BYTES)));
        }
        return comparisons;
    }

    private static double allocated(RunResult result) {
        return Objects.requireNonNull(
                        result.getSecondaryResults().get(ALLOCATED), "the collector's profiler did not run")
                .getScore();
    }

    private static RunResult measure(String name, int threads, boolean quick) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(ExecuteBenchmark.class.getName() + "\\." + name + "$")
                .threads(threads)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (quick) {
            options.warmupIterations(1)
                    .measurementIterations(1)
                    .warmupTime(TimeValue.milliseconds(500))
                    .measurementTime(TimeValue.milliseconds(500));
        }
        return new Runner(options.build()).runSingle();
    }
}
