package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.ExecutorFixture.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingTests {

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final ExecutorFixture fixture = new ExecutorFixture();

    @Test
    void everyWaiterGetsTheResult() throws Exception {
        Running running = fixture.running();
        List<CompletableFuture<Operation>> waiters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiters.add(fixture.await(running.id(), WAIT));
        }
        assertThat(fixture.executor.statistics().waiting()).isEqualTo(5);

        running.work().complete("done");

        assertThat(waiters)
                .allSatisfy(
                        waiter -> assertThat(waiter).isCompletedWithValueMatching(end -> "done".equals(end.result())));
        assertThat(fixture.executor.continueOperation(running.id(), null, WAIT).result())
                .isEqualTo("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void waiterWhoseTimeIsUpGetsThePresentState() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);
        running.context().progress(1, null, "half way");

        fixture.advance(WAIT.minusNanos(1));
        assertThat(waiter).isNotDone();
        fixture.advance(Duration.ofNanos(1));

        assertThat(waiter.join().status()).isEqualTo(OperationStatus.WORKING);
        assertThat(waiter.join().progress()).isEqualTo(new Progress(1, null, "half way"));
        assertThat(fixture.executor.statistics().waiting()).isZero();
    }

    @Test
    void whoeverHasTheAnswerDoesNotWaitAnyMore() {
        Running running = fixture.running();
        CompletableFuture<Long> waiting = fixture.await(running.id(), WAIT)
                .thenApply(end -> (long) fixture.executor.statistics().waiting());

        running.work().complete("done");

        assertThat(waiting).isCompletedWithValue(0L);
    }

    @Test
    void waitForAnEndedOperationIsAnsweredAtOnce() {
        Running running = fixture.running();
        running.work().complete("done");

        assertThat(fixture.await(running.id(), WAIT)).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        assertThat(fixture.timeouts()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void waitOfNothingDoesNotWait(long seconds) {
        Running running = fixture.running();

        assertThat(fixture.await(running.id(), Duration.ofSeconds(seconds)))
                .isCompletedWithValueMatching(now -> now.status() == OperationStatus.WORKING);
    }

    @Test
    void waitIsCutToTheLongestAllowed() {
        Running running = fixture.running();

        CompletableFuture<Operation> waiter = fixture.await(running.id(), Duration.ofSeconds(Long.MAX_VALUE));
        fixture.advance(Duration.ofSeconds(55).minusNanos(1));
        assertThat(waiter).isNotDone();
        fixture.advance(Duration.ofNanos(1));

        assertThat(waiter).isCompleted();
    }

    /** Who asks the user and who waits for the end are not always one: a model that waits would else ask again and again. */
    @Test
    void questionDoesNotEndTheWait() {
        Running running = fixture.running();
        CompletableFuture<Operation> before = fixture.await(running.id(), WAIT);
        running.context().requestInput("ask", "params");
        CompletableFuture<Operation> after = fixture.await(running.id(), WAIT);

        fixture.advance(WAIT.minusNanos(1));
        assertThat(before).isNotDone();
        assertThat(after).isNotDone();
        fixture.advance(Duration.ofNanos(1));

        assertThat(before).isCompletedWithValueMatching(now -> now.status() == OperationStatus.INPUT_REQUIRED);
        assertThat(after).isCompletedWithValueMatching(now -> now.status() == OperationStatus.INPUT_REQUIRED);
    }

    @Test
    void waitForAnOperationThatAsksIsOverWhenItEnds() {
        Running running = fixture.running();
        running.context().requestInput("ask", "params");
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);

        running.work().complete("done");

        assertThat(waiter).isCompletedWithValueMatching(end -> "done".equals(end.result()));
    }

    @Test
    void waiterThatGoesAwayLeavesNothingBehind() {
        Running running = fixture.running();
        int timeouts = fixture.timeouts();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);

        waiter.cancel(true);

        assertThat(fixture.executor.statistics().waiting()).isZero();
        assertThat(fixture.timeouts()).isEqualTo(timeouts);
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
    }

    @Test
    void interruptedWaiterLeavesNothingBehind() {
        Running running = fixture.running();
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> fixture.executor.continueOperation(running.id(), null, WAIT));

        assertThat(fixture.executor.statistics().waiting()).isZero();
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
    }

    @Test
    void continuationThatThrowsDoesNotKeepTheOthersWaiting() {
        Running running = fixture.running();
        CompletableFuture<Operation> first = fixture.await(running.id(), WAIT);
        CompletableFuture<Operation> second = fixture.await(running.id(), WAIT);
        CompletableFuture<Void> continued = first.thenRun(() -> {
            throw new AssertionError("boom");
        });

        running.work().complete("done");

        assertThat(continued).isCompletedExceptionally();
        assertThat(second).isCompleted();
        fixture.assertNothingLeaks();
    }

    @Test
    void watcherIsToldOfEveryKindOfChangeUntilTheEnd() {
        Running running = fixture.running();
        List<OperationStatus> seen = new ArrayList<>();
        fixture.executor.watch(running.id(), null, now -> seen.add(now.status()));

        running.context().progress(1, null, null);
        running.context().requestInput("ask", null);
        fixture.executor.answerInput(running.id(), null, "ask#1", InputResponse.of("yes"));
        running.work().complete("done");

        assertThat(seen)
                .containsExactly(
                        OperationStatus.WORKING,
                        OperationStatus.INPUT_REQUIRED,
                        OperationStatus.WORKING,
                        OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void waiterThatFollowsIsToldTheFirstStateAndEveryChangeWhileItWaits() {
        Running running = fixture.running();
        List<Progress> seen = new ArrayList<>();
        CompletableFuture<Operation> waiter = fixture.executor
                .continueOperationAsync(running.id(), null, WAIT, now -> seen.add(now.progress()))
                .toCompletableFuture();

        running.context().progress(1, null, null);
        fixture.advance(WAIT);
        running.context().progress(2, null, null);

        assertThat(waiter).isCompleted();
        assertThat(seen).containsExactly(null, new Progress(1, null, null));
        running.work().complete("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void followerThatThrowsDoesNotEndItsWait() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        CompletableFuture<Operation> call = fixture.executor
                .executeAsync(context -> work, ExecutorFixture.OPTIONS, now -> {
                    throw new AssertionError("boom");
                })
                .toCompletableFuture();
        fixture.operations.runAll();
        assertThat(call).isNotDone();

        work.complete("done");

        assertThat(call).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        fixture.assertNothingLeaks();
    }

    @Test
    void closedWatchIsNotCalled() {
        Running running = fixture.running();
        AtomicReference<Operation> seen = new AtomicReference<>();
        Watch watch = fixture.executor.watch(running.id(), null, seen::set);

        watch.close();
        watch.close();
        running.work().complete("done");

        assertThat(seen).hasNullValue();
    }

    @Test
    void watchOfAnEndedOperationIsForgotten() {
        Running running = fixture.running();
        running.work().complete("done");

        fixture.executor.watch(running.id(), null, now -> {});

        fixture.assertNothingLeaks();
    }

    @Test
    void timedOutWaiterGetsTheErrorIfNoHandleCanBeMade() {
        try (ExecutorFixture failing = new ExecutorFixture(builder -> builder.store(new UnpublishableStore()))) {
            CompletableFuture<Object> work = new CompletableFuture<>();
            CompletableFuture<Operation> call = failing.start(context -> work);
            failing.operations.runAll();

            failing.advance(Duration.ofSeconds(15));

            assertThat(call)
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withMessageContaining("no room");
            assertThat(failing.executor.statistics().waiting()).isZero();
            work.complete("done");
            failing.assertNothingLeaks();
        }
    }

    @Test
    void handleIsWhatTheStoreKnows() {
        Operation handle = fixture.start(context -> "done", AT_ONCE).join();

        assertThat(fixture.executor.findAsync(handle.requireId(), null).toCompletableFuture())
                .isCompletedWithValue(handle);
    }

    @Test
    void lastReportIsPassedOnEvenIfTheEndCameFirst() {
        List<Progress> heard = new ArrayList<>();
        Consumer<Operation> follower = operation -> heard.add(operation.progress());
        fixture.operations.direct();

        CompletableFuture<Operation> call = fixture.executor
                .executeAsync(
                        context -> {
                            context.progress(1, 2.0, "half");
                            return "done";
                        },
                        ExecuteOptions.ofType("quick"),
                        follower)
                .toCompletableFuture();

        assertThat(call).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        assertThat(heard).extracting(Progress::message).containsExactly("half");
    }
}
