package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.doubles.ManualExecutor;
import io.asyncmcp.doubles.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CancellationTests {

    private final ExecutorFixture fixture = new ExecutorFixture();

    @Test
    void cancelEndsTheOperationForEverybody() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), Duration.ofSeconds(30));

        assertThat(fixture.executor.cancel(running.id(), null)).isTrue();

        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.CANCELLED);
        assertThat(waiter).isCompletedWithValueMatching(end -> end.status() == OperationStatus.CANCELLED);
        assertThat(running.context().isCancelled()).isTrue();
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> running.context().throwIfCancelled());
        fixture.callbacks.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void lateResultAfterCancellationIsDropped() {
        CompletableFuture<Object> work = new Uncancellable();
        Operation handle = fixture.run(context -> work);

        fixture.executor.cancel(handle.requireId(), null);
        work.complete("late");

        assertThat(fixture.status(handle.requireId())).isEqualTo(OperationStatus.CANCELLED);
        assertThat(fixture.state(handle.requireId()).result()).isNull();
        assertThat(fixture.events.ended).hasSize(1);
        fixture.assertNothingLeaks();
    }

    @Test
    void cancelOfAnEndedOperationIsRefusedAndChangesNothing() {
        Running running = fixture.running();
        running.work().complete("done");

        assertThat(fixture.executor.cancel(running.id(), null)).isFalse();

        assertThat(fixture.state(running.id()).result()).isEqualTo("done");
        assertThat(fixture.events.names).containsExactly("started", "promoted", "ended");
    }

    @Test
    void secondCancelIsRefused() {
        Running running = fixture.running();

        assertThat(fixture.executor.cancelAsync(running.id(), null).toCompletableFuture())
                .isCompletedWithValue(true);
        assertThat(fixture.executor.cancelAsync(running.id(), null).toCompletableFuture())
                .isCompletedWithValue(false);

        assertThat(fixture.events.ended).hasSize(1);
    }

    @Test
    void callbacksRunOnceInOrderAndOnACallbackThread() {
        Running running = fixture.running();
        List<String> called = new ArrayList<>();
        running.context().onCancel(() -> called.add("first"));
        running.context().onCancel(() -> called.add("second"));

        fixture.executor.cancel(running.id(), null);
        assertThat(called).as("nothing runs on the canceller's thread").isEmpty();
        fixture.callbacks.runAll();
        fixture.executor.cancel(running.id(), null);
        fixture.callbacks.runAll();

        assertThat(called).containsExactly("first", "second");
    }

    @Test
    void callbackRegisteredAfterTheCancellationRunsAtOnce() {
        Running running = fixture.running();
        fixture.executor.cancel(running.id(), null);
        AtomicBoolean called = new AtomicBoolean();

        running.context().onCancel(() -> called.set(true));
        fixture.callbacks.runAll();

        assertThat(called).isTrue();
    }

    @Test
    void callbacksOfAnOperationThatCompletesNeverRun() {
        Running running = fixture.running();
        AtomicBoolean called = new AtomicBoolean();
        running.context().onCancel(() -> called.set(true));

        running.work().complete("done");
        running.context().onCancel(() -> called.set(true));
        fixture.callbacks.runAll();

        assertThat(called).isFalse();
    }

    @Test
    void queuedOperationIsCancelledWithoutRunning() {
        AtomicBoolean ran = new AtomicBoolean();
        try (ExecutorFixture narrow = ExecutorFixture.limited(1, 1, 0)) {
            Running running = narrow.running();
            String queued =
                    narrow.start(context -> ran.getAndSet(true), AT_ONCE).join().requireId();

            assertThat(narrow.executor.cancel(queued, null)).isTrue();
            running.work().complete("done");
            narrow.operations.runAll();

            assertThat(ran).isFalse();
            assertThat(narrow.status(queued)).isEqualTo(OperationStatus.CANCELLED);
            narrow.assertNothingLeaks();
        }
    }

    @Test
    void operationCancelledBeforeItsThreadTakesItUpNeverRuns() {
        AtomicBoolean ran = new AtomicBoolean();
        String id =
                fixture.start(context -> ran.getAndSet(true), AT_ONCE).join().requireId();

        fixture.executor.cancel(id, null);
        fixture.operations.runAll();

        assertThat(ran).isFalse();
        fixture.assertNothingLeaks();
    }

    @Test
    void lifetimeFailsTheOperationAndCancelsItsBody() {
        Running running = fixture.running(AT_ONCE.withMaxLifetime(Duration.ofMinutes(2)));
        AtomicBoolean called = new AtomicBoolean();
        running.context().onCancel(() -> called.set(true));

        fixture.advance(Duration.ofMinutes(2).minusNanos(1));
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
        fixture.advance(Duration.ofNanos(1));

        Operation end = fixture.state(running.id());
        assertThat(end.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(end.failure())
                .isEqualTo(new OperationFailure(Reason.LIFETIME_EXCEEDED, "exceeded maximum lifetime of 120 s", null));
        assertThat(end.endedAt()).isEqualTo(MutableClock.START.plusSeconds(120));
        assertThat(called).isTrue();
        assertThat(running.work()).isCancelled();
        fixture.assertNothingLeaks();
    }

    @Test
    void lifetimeBeginsWhenTheBodyDoes() {
        String id = fixture.submitted(AT_ONCE);
        fixture.advance(Duration.ofMinutes(20));

        fixture.operations.runAll();

        assertThat(fixture.status(id)).isEqualTo(OperationStatus.COMPLETED);
    }

    @Test
    void lifetimeOfAnOperationThatIsCancelledAsItBeginsIsNotLeftRunning() {
        String id = fixture.submitted(AT_ONCE);
        fixture.executor.watch(id, null, now -> fixture.executor.cancel(id, null));

        fixture.operations.runAll();

        assertThat(fixture.status(id)).isEqualTo(OperationStatus.CANCELLED);
        fixture.assertNothingLeaks();
    }

    @Test
    void cancelInterruptsTheBody() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (AsyncExecutor executor = AsyncExecutor.builder().build()) {
            Operation handle = executor.execute(
                    context -> {
                        running.countDown();
                        try {
                            return new CountDownLatch(1).await(30, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            seen.complete(context.isCancelled() ? "interrupted, cancelled" : "interrupted");
                            throw e;
                        }
                    },
                    AT_ONCE);
            assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(executor.cancel(handle.requireId(), null)).isTrue();

            assertThat(seen).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("interrupted, cancelled");
            assertThat(executor.find(handle.requireId(), null).status()).isEqualTo(OperationStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @CsvSource({"true,,true", "false,,false", "true,false,false", "false,true,true"})
    void bodyIsInterruptedWhereThatIsWanted(boolean byDefault, @Nullable Boolean ofThisOne, boolean interrupted) {
        ExecutorFixture wanting = ExecutorFixture.configured(config -> config.withInterruptOnCancel(byDefault));
        AtomicReference<@Nullable Boolean> cancelled = new AtomicReference<>();
        AtomicReference<@Nullable Boolean> closed = new AtomicReference<>();
        String id = wanting.start(
                        context -> {
                            wanting.executor.cancel(context.operationId(), null);
                            cancelled.set(Thread.interrupted());
                            wanting.executor.close();
                            closed.set(Thread.interrupted());
                            return "late";
                        },
                        ExecutorFixture.AT_ONCE.withInterruptOnCancel(ofThisOne))
                .join()
                .requireId();

        wanting.operations.runAll();

        assertThat(id).isNotNull();
        assertThat(cancelled).hasValue(interrupted);
        assertThat(closed).hasValue(interrupted);
    }

    @Test
    void interruptABodyLeavesBehindDoesNotReachThoseWhoAreTold() {
        AtomicBoolean interrupted = new AtomicBoolean();
        CompletableFuture<Operation> call = fixture.start(context -> {
            Thread.currentThread().interrupt();
            return "done";
        });
        CompletableFuture<Operation> told = call.whenComplete(
                (end, error) -> interrupted.set(Thread.currentThread().isInterrupted()));

        fixture.operations.runAll();

        assertThat(told).isCompleted();
        assertThat(interrupted).isFalse();
    }

    @Test
    void stageThatCannotBeCancelledDoesNotStopTheCancellation() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        AtomicBoolean called = new AtomicBoolean();
        Operation handle = fixture.run(context -> {
            context.onCancel(() -> called.set(true));
            return new Stubborn(work);
        });
        CompletableFuture<Operation> waiter = fixture.await(handle.requireId(), Duration.ofSeconds(30));

        assertThat(fixture.executor.cancel(handle.requireId(), null)).isTrue();
        fixture.callbacks.runAll();

        assertThat(waiter).isCompletedWithValueMatching(end -> end.status() == OperationStatus.CANCELLED);
        assertThat(called).isTrue();
        assertThat(fixture.events.ended).hasSize(1);
        assertThat(fixture.executor.statistics().abandoned()).isOne();
        work.complete("late");
        fixture.assertNothingLeaks();
    }

    @Test
    void callbacksRunEvenIfTheirThreadsAreGone() {
        Running running = fixture.running();
        AtomicBoolean called = new AtomicBoolean();
        running.context().onCancel(() -> called.set(true));
        fixture.callbacks.refuse();

        fixture.executor.cancel(running.id(), null);

        assertThat(called).isTrue();
        fixture.assertNothingLeaks();
    }

    @Test
    void asynchronousBodyIsCancelledWithItsOperation() {
        Running running = fixture.running();

        fixture.executor.cancel(running.id(), null);
        fixture.callbacks.runAll();

        assertThat(running.work()).isCancelled();
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.CANCELLED);
        fixture.assertNothingLeaks();
    }

    @Test
    void bodyThatBlocksInItsStagesCancellationHoldsUpNeitherCancellerNorWaiters() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), Duration.ofSeconds(30));
        List<String> called = new ArrayList<>();
        running.work().whenComplete((value, error) -> called.add("stage"));
        running.context().onCancel(() -> called.add("callback"));

        fixture.executor.cancel(running.id(), null);

        assertThat(called).as("nothing runs on the canceller's thread").isEmpty();
        assertThat(waiter).isCompletedWithValueMatching(end -> end.status() == OperationStatus.CANCELLED);
        fixture.callbacks.runAll();
        assertThat(called).containsExactly("stage", "callback");
        fixture.assertNothingLeaks();
    }

    @Test
    void lifetimeLeavesTheStagesCancellationToACallbackThread() {
        ManualExecutor timeouts = new ManualExecutor();
        try (ExecutorFixture timed = new ExecutorFixture(builder -> builder.timeoutThreads(timeouts))) {
            Running running = timed.running();

            timed.advance(Duration.ofMinutes(10));
            timeouts.runAll();

            assertThat(timed.status(running.id())).isEqualTo(OperationStatus.FAILED);
            assertThat(running.work())
                    .as("nothing runs on the time-out's thread")
                    .isNotDone();
            timed.callbacks.runAll();
            assertThat(running.work()).isCancelled();
            timed.assertNothingLeaks();
        }
    }

    @Test
    void stageReturnedAfterTheCancellationIsCancelledToo() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        CompletableFuture<Operation> call = fixture.start(context -> {
            fixture.executor.cancel(context.operationId(), null);
            return work;
        });

        fixture.operations.runAll();
        fixture.callbacks.runAll();

        assertThat(call.join().status()).isEqualTo(OperationStatus.CANCELLED);
        assertThat(work).isCancelled();
        fixture.assertNothingLeaks();
    }

    @Test
    void asynchronousBodyEndsTheOperationHoweverItEnds() {
        CompletableFuture<Operation> before = fixture.start(context -> CompletableFuture.completedFuture("before"));
        CompletableFuture<Operation> failed =
                fixture.start(context -> CompletableFuture.failedFuture(new IllegalStateException("boom")), OPTIONS);
        CompletableFuture<Operation> wrapped = fixture.start(context -> CompletableFuture.completedFuture("x")
                .thenApply(x -> FailureTests.<RuntimeException>sneak(new IllegalStateException("inside"))));
        CompletableFuture<Object> work = new CompletableFuture<>();
        CompletableFuture<Operation> after = fixture.start(context -> work);
        fixture.operations.runAll();
        work.complete("after");

        assertThat(before.join().result()).isEqualTo("before");
        assertThat(failed.join().failure())
                .extracting(OperationFailure::message)
                .isEqualTo("boom");
        assertThat(wrapped.join().failure())
                .as("the cause and not its wrapper")
                .extracting(OperationFailure::message)
                .isEqualTo("inside");
        assertThat(after.join().result()).isEqualTo("after");
        fixture.assertNothingLeaks();
    }

    @Test
    void stageThatCannotBeFollowedFailsTheOperation() {
        Operation end = fixture.run(context -> new CompletableFuture<>() {
            @Override
            public CompletableFuture<Object> whenComplete(
                    java.util.function.BiConsumer<? super Object, ? super Throwable> action) {
                throw new UnsupportedOperationException("not this one");
            }
        });

        assertThat(end.failure()).extracting(OperationFailure::message).isEqualTo("not this one");
        fixture.assertNothingLeaks();
    }

    /** A stage that goes on whatever it is told. */
    private static final class Uncancellable extends CompletableFuture<Object> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return false;
        }
    }

    /** A stage that does not even hand out a future. */
    private static final class Stubborn extends CompletableFuture<Object> {

        Stubborn(CompletionStage<Object> work) {
            work.whenComplete((value, error) -> complete(value));
        }

        @Override
        public CompletableFuture<Object> toCompletableFuture() {
            throw new UnsupportedOperationException("not a future");
        }
    }
}
