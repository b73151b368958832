package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncmcp.doubles.MutableClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExecuteTests {

    private final ExecutorFixture fixture = new ExecutorFixture();

    @AfterEach
    void nothingLeaks() {
        fixture.assertNothingLeaks();
    }

    @Test
    void callThatEndsInTimeHasItsResultAndLeavesNothingBehind() {
        CompletableFuture<Operation> call = fixture.start(context -> "done");

        fixture.operations.runAll();

        assertThat(call).isCompletedWithValueMatching(end -> end.id() == null && "done".equals(end.result()));
        assertThat(call.join().status()).isEqualTo(OperationStatus.COMPLETED);
        assertThat(fixture.executor.operations(OperationQuery.ALL)).isEmpty();
        assertThat(fixture.executor.statistics().retained()).isZero();
        assertThat(fixture.events.names).containsExactly("started", "ended");
    }

    @Test
    void callThatTakesLongerGetsAHandleToTheSameRun() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        CompletableFuture<Operation> call = fixture.start(context -> work);
        fixture.operations.runAll();

        fixture.advance(Duration.ofSeconds(15).minusNanos(1));
        assertThat(call).isNotDone();
        fixture.advance(Duration.ofNanos(1));

        Operation handle = call.join();
        assertThat(handle.status()).isEqualTo(OperationStatus.WORKING);
        assertThat(OperationIds.isWellFormed(handle.requireId())).isTrue();
        assertThat(fixture.state(handle.requireId())).isEqualTo(handle);
        work.complete("late");
        assertThat(fixture.state(handle.requireId()).result()).isEqualTo("late");
        assertThat(fixture.events.names).containsExactly("started", "promoted", "ended");
    }

    @Test
    void zeroTimeoutHandsOutTheHandleWhileTheBodyWaitsForItsThread() {
        Operation handle = fixture.start(context -> "done", AT_ONCE).join();

        assertThat(handle.status()).isEqualTo(OperationStatus.QUEUED);
        fixture.operations.runAll();
        assertThat(fixture.status(handle.requireId())).isEqualTo(OperationStatus.COMPLETED);
    }

    @Test
    void timeoutIsCutToTheLongestWait() {
        CompletableFuture<Operation> call =
                fixture.start(context -> "done", OPTIONS.withTimeout(Duration.ofSeconds(Long.MAX_VALUE)));

        fixture.advance(Duration.ofSeconds(55));

        assertThat(call).isCompleted();
        fixture.operations.runAll();
    }

    @Test
    void startedIsToldWithTheFirstState() {
        fixture.run(context -> "done");

        assertThat(fixture.events.started).singleElement().satisfies(first -> {
            assertThat(first.status()).isEqualTo(OperationStatus.QUEUED);
            assertThat(first.createdAt()).isEqualTo(MutableClock.START);
        });
    }

    @Test
    void askingForTheIdMakesTheOperationKnown() {
        CompletableFuture<Operation> call = fixture.start(OperationContext::operationId);

        fixture.operations.runAll();

        assertThat(call.join().id()).isEqualTo(call.join().result());
        assertThat(fixture.status(call.join().requireId())).isEqualTo(OperationStatus.COMPLETED);
    }

    @Test
    void bodySeesItsTypeAndOwner() {
        OperationOwner ann = OperationOwner.principal("ann");

        CompletableFuture<Operation> call = fixture.start(
                context -> context.operationType() + " of " + context.owner().name(), OPTIONS.withOwner(ann));
        fixture.operations.runAll();

        assertThat(call.join().result()).isEqualTo("report of ann");
        assertThat(call.join().owner()).isEqualTo(ann);
    }

    @Test
    void latestProgressIsKeptAndLateProgressDropped() {
        ExecutorFixture.Running running = fixture.running();

        running.context().progress(1, 3.0, "first");
        running.context().progress(2, 3.0, "second");
        assertThat(fixture.state(running.id()).progress()).isEqualTo(new Progress(2, 3.0, "second"));
        running.work().complete("done");
        running.context().progress(3, 3.0, "third");

        assertThat(fixture.state(running.id()).progress()).isEqualTo(new Progress(2, 3.0, "second"));
    }

    @Test
    void callersCancellationLeavesTheOperationRunning() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        CompletableFuture<Operation> call = fixture.start(context -> work);
        fixture.operations.runAll();

        call.cancel(true);

        assertThat(fixture.executor.statistics().waiting()).isZero();
        assertThat(fixture.executor.statistics().working()).isOne();
        work.complete("done");
        assertThat(fixture.events.ended)
                .singleElement()
                .extracting(Operation::status)
                .isEqualTo(OperationStatus.COMPLETED);
    }

    @Test
    void handleIsNotMadeForACallerThatHasGone() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        CompletableFuture<Operation> call = fixture.start(context -> work);
        fixture.operations.runAll();
        fixture.timer.advance(Duration.ofSeconds(15));

        call.cancel(true);
        fixture.callbacks.runAll();

        assertThat(fixture.events.names).containsExactly("started");
        work.complete(null);
    }

    @Test
    void callersInterruptionLeavesTheOperationRunning() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> fixture.executor.execute(context -> "done", OPTIONS));

        assertThat(fixture.executor.statistics().waiting()).isZero();
        fixture.operations.runAll();
        assertThat(fixture.events.ended)
                .singleElement()
                .extracting(Operation::result)
                .isEqualTo("done");
    }

    @Test
    void interceptorsWrapTheBodyLastOneOutermost() {
        try (ExecutorFixture wrapping = new ExecutorFixture(
                builder -> builder.interceptor(prefix("inner")).interceptor(prefix("outer")))) {
            CompletableFuture<Operation> call = wrapping.start(context -> "body");
            wrapping.operations.runAll();

            assertThat(call.join().result()).isEqualTo("outer inner body");
        }
    }

    @Test
    void interceptorThatThrowsRefusesTheCallAndTakesNoPlace() {
        try (ExecutorFixture refusing = new ExecutorFixture(builder -> builder.interceptor((body, options) -> {
            throw new IllegalStateException("no context");
        }))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> refusing.start(context -> "done", OPTIONS.withSingleFlightKey("key")))
                    .withMessage("no context");

            assertThat(refusing.events.names).isEmpty();
            refusing.assertNothingLeaks();
        }
    }

    @Test
    void errorOfAWrapperFailsTheOperation() {
        try (ExecutorFixture failing =
                new ExecutorFixture(builder -> builder.interceptor((body, options) -> context -> {
                    throw new StackOverflowError("in the wrapper");
                }))) {
            Operation end = failing.run(context -> "never");

            assertThat(end.status()).isEqualTo(OperationStatus.FAILED);
            failing.assertNothingLeaks();
        }
    }

    private static OperationInterceptor prefix(String word) {
        return (body, options) -> context -> word + " " + body.run(context);
    }
}
