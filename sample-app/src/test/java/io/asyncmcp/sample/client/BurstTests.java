package io.asyncmcp.sample.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurstTests {

    private static final long MILLI = 1_000_000;

    private static final long SECOND = 1000 * MILLI;

    @Test
    void throughputIsCallsPerSecond() {
        assertThat(new Burst(new long[] {5, 3, 4}, SECOND / 2).throughput()).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"50, 100", "99, 198", "99.5, 199", "100, 200", "0.5, 1", "0.1, 1"})
    void percentileIsTheLatencyThatTheShareDidNotExceed(double percent, double expected) {
        long[] fromSlowToFast =
                LongStream.rangeClosed(1, 200).map(i -> (201 - i) * MILLI).toArray();

        assertThat(new Burst(fromSlowToFast, SECOND).percentile(percent)).isEqualTo(expected);
    }

    @Test
    void onlyCallIsEveryPercentile() {
        Burst burst = new Burst(new long[] {7 * MILLI}, SECOND);

        assertThat(burst.percentile(50)).isEqualTo(7);
        assertThat(burst.percentile(99)).isEqualTo(7);
    }

    @Test
    void nothingMeasuredIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Burst(new long[0], SECOND))
                .withMessageContaining("0 calls");
        assertThatIllegalArgumentException().isThrownBy(() -> new Burst(new long[] {1}, 0));
    }
}
