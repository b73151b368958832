package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.doubles.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OperationTests {

    private static final Instant START = MutableClock.START;

    private final Operation queued = Operation.queued("report", OperationOwner.session("secret-session"), START, null);

    @Test
    void textLeaksNothing() {
        Operation full = queued.withId("secret-id")
                .withProgress(new Progress(1, 2.0, "secret-progress"), START)
                .withInputs(
                        List.of(new InputRequest(
                                "secret-key", "ask", "secret-question", true, InputResponse.of("secret-answer"))),
                        START)
                .failed(
                        new OperationFailure(
                                Reason.EXCEPTION, "secret-message", new IllegalStateException("secret-cause")),
                        "secret-result",
                        START);

        assertThat(full.toString()).contains("report", "FAILED").doesNotContain("secret");
    }

    @Test
    void endIsSetExactlyForTerminalStates() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(OperationStatus.COMPLETED, null))
                .withMessage("endedAt must be set exactly for terminal states, but was null for COMPLETED");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(OperationStatus.WORKING, START))
                .withMessageStartingWith("endedAt must be set exactly for terminal states, but was 2026");
    }

    @Test
    void idIsKept() {
        assertThat(queued.withId("a").requireId()).isEqualTo("a");
        assertThatIllegalStateException().isThrownBy(queued::requireId).withMessageContaining("has no id");
        assertThatIllegalStateException().isThrownBy(() -> queued.withId("a").withId("b"));
    }

    @Test
    void resultIsCastOrRefused() {
        Operation done = queued.working(START).completed("text", START);

        assertThat(done.resultAs(String.class)).hasValue("text");
        assertThat(queued.resultAs(String.class)).isEmpty();
        assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> done.resultAs(Integer.class));
    }

    @Test
    void elapsedTimeStopsAtTheEndAndIsNeverNegative() {
        Instant later = START.plusSeconds(5);
        Operation done = queued.working(START).completed(null, later);

        assertThat(queued.elapsed(START.plusSeconds(3))).isEqualTo(Duration.ofSeconds(3));
        assertThat(done.elapsed(START.plusSeconds(60))).isEqualTo(Duration.ofSeconds(5));
        assertThat(queued.elapsed(START.minusSeconds(1))).isEqualTo(Duration.ZERO);
    }

    @Test
    void inputsCannotBeChangedFromOutside() {
        InputRequest pending = new InputRequest("a", "ask", null, false, null);
        InputRequest answered = pending.withResponse(InputResponse.of(null));
        Operation asking = queued.working(START).withInputs(List.of(answered, pending), START);

        assertThat(asking.inputs()).isUnmodifiable();
        assertThat(asking.pendingInputs()).containsExactly(pending);
        assertThat(asking.status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
        assertThat(asking.withInputs(List.of(answered), START).status()).isEqualTo(OperationStatus.WORKING);
    }

    private Operation with(OperationStatus status, Instant endedAt) {
        return new Operation(
                null,
                "report",
                OperationOwner.APPLICATION,
                status,
                START,
                START,
                endedAt,
                null,
                null,
                List.of(),
                null,
                false,
                null);
    }
}
