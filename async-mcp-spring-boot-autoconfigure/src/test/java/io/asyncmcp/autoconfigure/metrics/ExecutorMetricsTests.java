package io.asyncmcp.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorStatistics;
import io.asyncmcp.ResultMemory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExecutorMetricsTests {

    static List<Throwable> faults() {
        return List.of(
                new IllegalStateException("the store is away"),
                new NoClassDefFoundError("the store is away"),
                new SQLException("the store is away"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void whatCannotBeReadIsNotANumber(Throwable fault) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Supplier<ExecutorStatistics> statistics = () -> failing(fault);
        Supplier<ResultMemory> results = () -> failing(fault);
        new ExecutorMetrics(statistics, results).bindTo(registry);

        assertThat(registry.getMeters())
                .hasSize(8)
                .allSatisfy(meter -> assertThat(meter.measure())
                        .allSatisfy(measured -> assertThat(measured.getValue()).isNaN()));
    }

    @SuppressWarnings("unchecked")
    private static <T, E extends Throwable> T failing(Throwable fault) throws E {
        throw (E) fault;
    }
}
