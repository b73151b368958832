package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.OperationFailure.Reason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's clock is set, by a person or by NTP. How long anything takes does not change by that. */
class JumpingClockTests {

    private static final Duration RETENTION = ExecutorConfig.DEFAULTS.retentionPeriod();

    private static final Duration LIFETIME = ExecutorConfig.DEFAULTS.maxLifetime();

    private static final Duration TTL = Duration.ofHours(1);

    /** How late a time-out of a minute and more may come. */
    private static final Duration SLOT = Duration.ofSeconds(1);

    private final ExecutorFixture fixture = new ExecutorFixture();

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void taskIsKeptForAsLongAsItsClientWasTold(Duration jump) {
        Duration took = Duration.ofMinutes(20);
        Operation task = fixture.executor.submit(context -> "done", OPTIONS.withTtl(TTL));
        fixture.advance(took);
        fixture.wall.jump(jump);
        fixture.operations.runAll();
        fixture.advance(TTL.minus(took).minusNanos(1));

        assertThat(fixture.state(task.requireId()).result()).isEqualTo("done");

        fixture.advance(Duration.ofNanos(1));
        assertNotFound(task.requireId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void resultIsKeptForItsRetention(Duration jump) {
        Operation end = fixture.run(context -> "done");
        fixture.wall.jump(jump);
        fixture.advance(RETENTION.minusNanos(1));

        assertThat(fixture.state(end.requireId()).result()).isEqualTo("done");

        fixture.advance(Duration.ofNanos(1));
        assertNotFound(end.requireId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void waitLastsAsLongAsItWasAskedFor(Duration jump) {
        Running running = fixture.running();
        CompletableFuture<Operation> wait = fixture.await(running.id(), Duration.ofSeconds(30));
        fixture.wall.jump(jump);
        fixture.advance(Duration.ofSeconds(29));

        assertThat(wait).isNotDone();

        fixture.advance(SLOT);
        assertThat(wait).isCompletedWithValueMatching(now -> now.status() == OperationStatus.WORKING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void lifetimeIsMeasuredFromTheStart(Duration jump) {
        Running running = fixture.running();
        fixture.wall.jump(jump);
        fixture.advance(LIFETIME.minusSeconds(1));

        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);

        fixture.advance(SLOT.multipliedBy(2));
        assertThat(fixture.state(running.id()).failure())
                .extracting(OperationFailure::reason)
                .isEqualTo(Reason.LIFETIME_EXCEEDED);
        fixture.assertNothingLeaks();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void questionWaitsForAsLongAsItMay(Duration jump) {
        Running running = fixture.running(OPTIONS.withMaxLifetime(Duration.ofDays(1)));
        CompletableFuture<Object> answer =
                running.context().requestInput("ask", null).toCompletableFuture();
        fixture.wall.jump(jump);
        fixture.advance(ExecutorConfig.DEFAULTS.inputTimeout().minusSeconds(1));

        assertThat(answer).isNotDone();

        fixture.advance(SLOT.multipliedBy(2));
        assertThat(answer)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(InputUnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void whatIsShownOfAnOperationIsNeverNegative(Duration jump) {
        Running running = fixture.running();
        fixture.wall.jump(jump);

        running.context().progress(1, 2.0, null);
        running.work().complete("done");

        Operation end = fixture.state(running.id());
        assertThat(end.elapsed(fixture.wall.instant())).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(end.result()).isEqualTo("done");
        fixture.assertNothingLeaks();
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1D", "P-1D"})
    void listNamesEveryOperationOnce(Duration jump) {
        String before = fixture.submitted(AT_ONCE);
        fixture.wall.jump(jump);
        String after = fixture.submitted(AT_ONCE);

        OperationQuery query = OperationQuery.ALL.withLimit(1);
        Operation first = fixture.executor.operations(query).get(0);
        List<Operation> second = fixture.executor.operations(query.withAfter(OperationQuery.Position.of(first)));

        assertThat(List.of(first.requireId(), second.get(0).requireId())).containsExactlyInAnyOrder(before, after);
    }

    private void assertNotFound(String id) {
        assertThatExceptionOfType(OperationNotFoundException.class).isThrownBy(() -> fixture.state(id));
    }
}
