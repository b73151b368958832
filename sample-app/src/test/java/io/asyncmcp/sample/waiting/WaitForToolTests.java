package io.asyncmcp.sample.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.asyncmcp.sample.RecordingContext;
import io.asyncmcp.sample.RecordingContext.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitForToolTests {

    private final MovingPause pause = new MovingPause();

    private final WaitForTool tool = new WaitForTool(pause);

    private final RecordingContext context = RecordingContext.running();

    @Test
    void everySecondIsReported() {
        String answer = tool.waitFor(2.5, null, context);

        assertThat(answer).isEqualTo("Waited for 2.5 seconds.");
        assertThat(pause.sleeps).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(500));
        assertThat(context.reports())
                .extracting(Report::progress, Report::total)
                .containsExactly(tuple(1.0, 2.5), tuple(2.0, 2.5), tuple(2.5, 2.5));
    }

    @Test
    void labelComesBack() {
        assertThat(tool.waitFor(1, "tea", context)).isEqualTo("tea: Waited for 1 seconds.");
    }

    @Test
    void noTimeIsNoWait() {
        tool.waitFor(0, null, context);

        assertThat(pause.sleeps).isEmpty();
    }

    @Test
    void cancellationEndsTheWait() {
        assertThatThrownBy(() -> tool.waitFor(600, null, RecordingContext.cancelledAfter(3)))
                .isInstanceOf(CancellationException.class);
        assertThat(pause.sleeps).hasSize(3);
    }

    @Test
    void interruptEndsTheWaitAndIsKept() {
        pause.interrupted = true;

        assertThatThrownBy(() -> tool.waitFor(600, null, context)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 600.1, Double.NaN, Double.POSITIVE_INFINITY})
    void timeOutOfBoundsIsRefused(double seconds) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tool.waitFor(seconds, null, context))
                .withMessage("seconds must be from 0 to 600, but was " + seconds + "; choose a number in between");
    }

    private static final class MovingPause implements Pause {

        private final List<Duration> sleeps = new ArrayList<>();

        private long now = Long.MAX_VALUE - 1_500_000_000;

        private boolean interrupted;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (interrupted) {
                throw new InterruptedException();
            }
            sleeps.add(duration);
            now += duration.toNanos();
        }
    }
}
