package io.asyncmcp.sample.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ComparedRoundTests {

    private static final long SECOND = 1_000_000_000;

    @Test
    void ratiosTellWhatTheAsynchronousToolDoesForOneOfThePlainTool() {
        ComparedRound round = new ComparedRound(burst(400, 2_000_000), burst(300, 5_000_000));

        assertThat(round.throughputRatio()).isEqualTo(0.75);
        assertThat(round.p99Ratio()).isEqualTo(2.5);
    }

    @Test
    void toolsTakeTurnsAtGoingFirst() {
        assertThat(ComparedRound.first(0)).isEqualTo(ComparedTool.PLAIN);
        assertThat(ComparedRound.first(1)).isEqualTo(ComparedTool.ASYNCHRONOUS);
        assertThat(ComparedRound.first(2)).isEqualTo(ComparedTool.PLAIN);
    }

    private static Burst burst(int calls, long latency) {
        long[] latencies = new long[calls];
        Arrays.fill(latencies, latency);
        return new Burst(latencies, SECOND);
    }
}
