package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorStatistics;
import java.time.Duration;
import org.awaitility.Awaitility;

/** An executor that has nothing left to do. */
final class Idle {

    private Idle() {}

    static void await(AsyncExecutor executor) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            ExecutorStatistics now = executor.statistics();
            assertThat(now).isEqualTo(new ExecutorStatistics(0, 0, 0, 0, 0, now.retained()));
        });
    }
}
