package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.doubles.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimeoutsTests {

    private static final Duration WAIT = Duration.ofSeconds(15);

    private final MutableClock clock = new MutableClock();

    private final ManualTimer timer = new ManualTimer();

    private final Timeouts timeouts = new Timeouts(timer, Runnable::run, clock);

    private final List<String> due = new ArrayList<>();

    private Timeouts.Timeout named(String name) {
        return new Timeouts.Timeout() {
            @Override
            void due() {
                due.add(name);
            }
        };
    }

    private Timeouts.Timeout set(String name, Duration delay) {
        Timeouts.Timeout timeout = named(name);
        timeouts.set(timeout, delay);
        return timeout;
    }

    private void advance(Duration by) {
        clock.advance(by);
        timer.advance(by);
    }

    @Test
    void comesWhenItsTimeHasComeAndOnlyOnce() {
        set("a", WAIT);

        advance(WAIT.minusNanos(1));
        assertThat(due).isEmpty();
        advance(Duration.ofNanos(1));
        assertThat(due).containsExactly("a");
        advance(WAIT);
        assertThat(due).hasSize(1);
        assertThat(timeouts.size()).isZero();
    }

    @Test
    void comesUpToASlotLateAndNeverEarly() {
        advance(Duration.ofMillis(3));
        set("a", WAIT);

        advance(WAIT);
        assertThat(due).isEmpty();
        advance(Duration.ofMillis(7));
        assertThat(due).containsExactly("a");
    }

    @Test
    void longOneComesUpToASecondLate() {
        advance(Duration.ofMillis(3));
        set("a", Duration.ofMinutes(10));

        advance(Duration.ofMinutes(10));
        assertThat(due).isEmpty();
        advance(Duration.ofMillis(997));
        assertThat(due).containsExactly("a");
    }

    @Test
    void oneThatIsTakenBackDoesNotCome() {
        Timeouts.Timeout first = set("first", WAIT);
        Timeouts.Timeout middle = set("middle", WAIT);
        Timeouts.Timeout last = set("last", WAIT);
        set("stays", WAIT);

        middle.takeBack();
        first.takeBack();
        last.takeBack();
        last.takeBack();
        assertThat(timeouts.size()).isEqualTo(1);
        advance(WAIT);

        assertThat(due).containsExactly("stays");
    }

    @Test
    void oneThatIsNotSetCanBeTakenBack() {
        named("never").takeBack();

        assertThat(timeouts.size()).isZero();
    }

    @Test
    void oneThatHasComeCanBeTakenBack() {
        Timeouts.Timeout timeout = set("a", WAIT);
        advance(WAIT);
        set("b", WAIT);

        timeout.takeBack();

        assertThat(timeouts.size()).isEqualTo(1);
    }

    @Test
    void thoseThatEndTogetherShareOneTimerTask() {
        for (int i = 0; i < 100; i++) {
            set("a", WAIT).takeBack();
        }
        assertThat(timer.pending()).isEqualTo(1);

        advance(WAIT);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void zeroAndLessComeAtOnce() {
        set("zero", Duration.ZERO);
        set("less", Duration.ofSeconds(-1));

        advance(Duration.ofMillis(10));

        assertThat(due).containsExactlyInAnyOrder("zero", "less");
    }

    @Test
    void foreverNeverComes() {
        set("forever", Duration.ofSeconds(Long.MAX_VALUE));
        advance(Duration.ofDays(10_000));

        assertThat(due).isEmpty();
        assertThat(timeouts.size()).isEqualTo(1);
    }

    @Test
    void onATimerThatIsShutDownNothingIsKept() {
        timer.shutdown();

        set("a", WAIT).takeBack();

        assertThat(timeouts.size()).isZero();
    }

    /** Setting, taking back and becoming due race: each comes once, or was taken back, and nothing is left. */
    @Test
    void settingAndFiringRace() {
        try (Racers racers = new Racers(3)) {
            for (int round = 0; round < 2_000; round++) {
                AtomicInteger came = new AtomicInteger();
                Timeouts.Timeout first = counting(came);
                Timeouts.Timeout second = counting(came);
                timeouts.set(first, Duration.ofMillis(10));

                racers.<Object>race(
                        () -> {
                            timeouts.set(second, Duration.ofMillis(10));
                            return null;
                        },
                        () -> {
                            first.takeBack();
                            return null;
                        },
                        () -> {
                            advance(Duration.ofMillis(10));
                            return null;
                        });
                advance(Duration.ofMillis(20));

                assertThat(came.get()).as("the second, and perhaps the first").isBetween(1, 2);
                assertThat(timeouts.size()).isZero();
            }
        }
    }

    private static Timeouts.Timeout counting(AtomicInteger count) {
        return new Timeouts.Timeout() {
            @Override
            void due() {
                count.incrementAndGet();
            }
        };
    }
}
