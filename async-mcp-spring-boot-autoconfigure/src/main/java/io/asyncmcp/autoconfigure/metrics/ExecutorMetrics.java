package io.asyncmcp.autoconfigure.metrics;

import io.asyncmcp.ExecutorStatistics;
import io.asyncmcp.ResultMemory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Gauges of how busy an executor is.
 *
 * <p>The statistics are asked for when a gauge is read and not before, so that the executor may be made later than the
 * meter registry. What cannot be read is {@code NaN}.
 *
 * @since 0.1.0
 */
public final class ExecutorMetrics implements MeterBinder {

    private static final String ACTIVE = "async.mcp.operations.active";

    private final Supplier<ExecutorStatistics> statistics;

    private final Supplier<ResultMemory> results;

    /**
     * Creates the binder.
     *
     * @param statistics the executor's statistics at the time of the call
     * @param results the memory of its results at the time of the call
     */
    public ExecutorMetrics(Supplier<ExecutorStatistics> statistics, Supplier<ResultMemory> results) {
        this.statistics = statistics;
        this.results = results;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        active(registry, "queued", ExecutorStatistics::queued);
        active(registry, "working", ExecutorStatistics::working);
        active(registry, "input_required", ExecutorStatistics::inputRequired);
        active(registry, "abandoned", ExecutorStatistics::abandoned);
        gauge("async.mcp.operations.retained", ExecutorStatistics::retained)
                .description("Operations that are known under an id, ended or not")
                .baseUnit("operations")
                .register(registry);
        gauge("async.mcp.waiting", ExecutorStatistics::waiting)
                .description("Callers that wait for an operation")
                .baseUnit("callers")
                .register(registry);
        Gauge.builder("async.mcp.results.size", results, source -> source.get().bytes())
                .strongReference(true)
                .description("Size of the results of ended operations")
                .baseUnit("bytes")
                .register(registry);
        FunctionCounter.builder(
                        "async.mcp.results.dropped",
                        results,
                        // Unlike a gauge's, what a counter's function throws would fail every reading of the registry.
                        ExecutorMetrics::dropped)
                .description("Results that were dropped to make room for others")
                .baseUnit("results")
                .register(registry);
    }

    private static double dropped(Supplier<ResultMemory> source) {
        try {
            return source.get().dropped();
        } catch (Throwable e) {
            return Double.NaN;
        }
    }

    private void active(MeterRegistry registry, String state, ToDoubleFunction<ExecutorStatistics> value) {
        gauge(ACTIVE, value)
                .tag("state", state)
                .description("Operations that wait for their turn or whose body has not returned")
                .baseUnit("operations")
                .register(registry);
    }

    private Gauge.Builder<?> gauge(String name, ToDoubleFunction<ExecutorStatistics> value) {
        // Micrometer turns what a gauge's function throws into NaN.
        return Gauge.builder(name, statistics, source -> value.applyAsDouble(source.get()))
                .strongReference(true);
    }
}
