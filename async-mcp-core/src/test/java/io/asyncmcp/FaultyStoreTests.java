package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.FaultyStore.Call;
import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.store.InMemoryOperationStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What callers see while the store fails, and that nothing is lost for it. */
class FaultyStoreTests {

    private static final Duration INTERVAL = ExecutorConfig.DEFAULTS.cleanupInterval();

    private static final Duration LIFETIME = ExecutorConfig.DEFAULTS.maxLifetime();

    /** How late a time-out of a minute may come. */
    private static final Duration SLOT = Duration.ofSeconds(1);

    private static final Duration WAIT = Duration.ofMinutes(50);

    private final AtomicReference<FaultyStore> made = new AtomicReference<>();

    private final ExecutorFixture fixture = new ExecutorFixture(builder -> {
        MutableClock clock = new MutableClock();
        made.set(new FaultyStore(new InMemoryOperationStore(ExecutorConfig.DEFAULTS.retentionPeriod(), clock)));
        builder.store(made.get())
                .config(ExecutorConfig.DEFAULTS.withMaxWait(WAIT).withLimits(new Limits(1, 1, 0)));
    });

    private final FaultyStore store = made.get();

    @Test
    void callThatCannotBeTakenInFailsAndTakesNoPlace() {
        store.fail(Call.CREATE);

        assertGone(() -> fixture.start(context -> "never"));

        store.recover();
        assertThat(fixture.run(context -> "done").result()).isEqualTo("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void bodyWhoseStartCannotBeRecordedFailsAndNeverRuns() {
        store.fail(Call.CHANGE);
        CompletableFuture<Operation> call = fixture.start(context -> {
            throw new AssertionError("the body ran");
        });

        fixture.operations.runAll();

        assertThat(call.join().failure())
                .extracting(OperationFailure::message)
                .isEqualTo("the operation could not be started");
        fixture.assertNothingLeaks();
    }

    @Test
    void endIsRecordedOnceTheStoreWorksAgain() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);
        store.fail(Call.END);
        running.work().complete("done");
        fixture.advance(INTERVAL.multipliedBy(5));
        assertThat(waiter).isNotDone();
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);

        store.recover();
        fixture.advance(INTERVAL.plus(SLOT));

        assertThat(waiter).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        assertThat(fixture.events.ended).hasSize(1);
        fixture.assertNothingLeaks();
    }

    @Test
    void endThatIsRecordedLateIsTheOneThatWasAndNotThatOfTheLifetime() {
        Running running = fixture.running();
        store.fail(Call.END);
        running.work().complete("done");
        fixture.advance(LIFETIME.multipliedBy(2));

        store.recover();
        fixture.advance(INTERVAL.plus(SLOT));

        assertThat(fixture.state(running.id()).result()).isEqualTo("done");
    }

    @Test
    void placeIsFreeWhileTheEndIsNotRecorded() {
        Running first = fixture.running();
        store.fail(Call.END);
        first.work().complete("done");

        Running second = fixture.running();

        store.recover();
        second.work().complete("done too");
        fixture.advance(INTERVAL.plus(SLOT));
        assertThat(fixture.state(first.id()).result()).isEqualTo("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void endOfTheLifetimeIsRecordedOnceTheStoreWorksAgain() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);
        store.fail(Call.END);
        fixture.advance(LIFETIME.plus(SLOT));
        assertThat(waiter).isNotDone();
        assertThat(running.work()).isNotDone();

        store.recover();
        fixture.advance(INTERVAL.plus(SLOT));

        assertThat(waiter.join().failure()).extracting(OperationFailure::reason).isEqualTo(Reason.LIFETIME_EXCEEDED);
        assertThat(running.work()).isCancelled();
        fixture.assertNothingLeaks();
    }

    @Test
    void endThatTheStoreTookAlthoughItFailedIsToldAtOnce() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);
        store.failAfterwards(Call.END);

        running.work().complete("done");

        assertThat(waiter).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        assertThat(fixture.events.ended).hasSize(1);
        fixture.assertNothingLeaks();
    }

    @Test
    void endThatTheStoreTookIsToldOnceItCanBeRead() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);
        store.failAfterwards(Call.END, Call.CURRENT);
        running.work().complete("done");
        assertThat(waiter).isNotDone();

        store.recover();
        fixture.advance(INTERVAL.plus(SLOT));

        assertThat(waiter).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        assertThat(fixture.events.ended).hasSize(1);
        fixture.assertNothingLeaks();
    }

    @Test
    void endIsToldToEverybodyThoughItCannotBeReadJustThen() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);
        AtomicReference<Operation> seen = new AtomicReference<>();
        fixture.executor.watch(running.id(), null, seen::set);
        CompletableFuture<Object> answer =
                running.context().requestInput("ask", null).toCompletableFuture();
        store.failAfter(Call.END, Call.CURRENT);

        running.work().complete("done");
        fixture.callbacks.runAll();

        assertThat(waiter).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        assertThat(seen.get().result()).isEqualTo("done");
        assertThat(answer).isCompletedExceptionally();
        store.recover();
        fixture.assertNothingLeaks();
    }

    @Test
    void answerWhoseNewsIsLostReachesTheBodyInTimeAllTheSame() {
        Running running = fixture.running();
        CompletableFuture<Object> answer =
                running.context().requestInput("ask", null).toCompletableFuture();
        store.failAfter(Call.CHANGE, Call.CURRENT);
        fixture.executor.answerInput(running.id(), null, "ask#1", InputResponse.of("yes"));
        store.recover();
        assertThat(answer).isNotDone();

        fixture.advance(ExecutorConfig.DEFAULTS.inputTimeout().plus(SLOT));

        assertThat(answer).isCompletedWithValue("yes");
    }

    @Test
    void resultIsHandedOutThoughItCannotBeRecordedThatItWas() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), WAIT);
        store.fail(Call.FETCHED);

        running.work().complete("done");

        assertThat(waiter).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        assertThat(fixture.await(running.id(), WAIT)).isCompletedWithValueMatching(end -> "done".equals(end.result()));
    }

    @Test
    void watchOfARecordThatCannotBeReadLeavesNothingBehind() {
        Running running = fixture.running();
        store.fail(Call.CURRENT);

        assertGone(() -> fixture.executor.watch(running.id(), null, now -> {}));

        assertThat(fixture.engine).extracting("watchers").asInstanceOf(MAP).isEmpty();
    }

    @Test
    void placeIsGivenBackThoughTheVirtualMachineAndTheStoreFail() {
        store.failWith(() -> new StackOverflowError("too deep"));
        fixture.start(
                context -> {
                    store.fail(Call.CURRENT, Call.END);
                    throw new StackOverflowError("too deep as well");
                },
                AT_ONCE);

        fixture.operations.runAll();

        assertThat(fixture.executor).extracting("admission.running").isEqualTo(0);
    }

    @Test
    void operationThatCouldNotBeStartedFailsOnceThatCanBeRecorded() {
        fixture.operations.refuse();
        store.fail(Call.END);
        CompletableFuture<Operation> call = fixture.start(context -> "never", OPTIONS.withTimeout(WAIT));
        assertThat(call).isNotDone();

        store.recover();
        fixture.advance(INTERVAL.plus(SLOT));

        assertThat(call.join().failure()).extracting(OperationFailure::reason).isEqualTo(Reason.NOT_STARTED);
        fixture.assertNothingLeaks();
    }

    @Test
    void placeIsNotLostWhenTheNextAttemptCannotBeSet() {
        Running first = fixture.running();
        store.fail(Call.END);
        fixture.timer.refuse();

        first.work().complete("done");

        assertThat(fixture.executor).extracting("admission.running").isEqualTo(0);
    }

    @Test
    void cancellationThatCannotBeRecordedIsReportedAndChangesNothing() {
        Running running = fixture.running();
        store.fail(Call.END);

        assertGone(() -> fixture.executor.cancel(running.id(), null));

        assertThat(running.work()).isNotDone();
        store.recover();
        assertThat(fixture.executor.cancel(running.id(), null)).isTrue();
        fixture.callbacks.runAll();
        assertThat(running.work()).isCancelled();
        fixture.assertNothingLeaks();
    }

    @Test
    void handleThatCannotBePublishedFailsItsCallerAndNotTheOperation() {
        store.fail(Call.PUBLISH);
        CompletableFuture<Object> work = new CompletableFuture<>();
        CompletableFuture<Operation> call = fixture.start(context -> work, OPTIONS.withTimeout(Duration.ofSeconds(1)));
        fixture.operations.runAll();

        fixture.advance(Duration.ofSeconds(2));

        assertThat(call).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("the database is gone");
        store.recover();
        work.complete("done");
        assertThat(fixture.events.ended)
                .singleElement()
                .extracting(Operation::result)
                .isEqualTo("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void lookUpsFailForAsLongAsTheStoreDoes() {
        Running running = fixture.running();
        store.fail(Call.FIND, Call.LIST, Call.EXPIRE);

        assertGone(() -> fixture.state(running.id()));
        assertGone(() -> fixture.executor.operations(OperationQuery.ALL));
        assertGone(fixture.executor::cleanup);
        assertThat(fixture.await(running.id(), WAIT))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("the database is gone");
        fixture.advance(INTERVAL);

        store.recover();
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
        assertThat(fixture.executor.statistics().waiting()).isZero();
    }

    @Test
    void progressThatCannotBeRecordedIsTheBodysToKnow() {
        Running running = fixture.running();
        store.fail(Call.CHANGE);

        assertGone(() -> running.context().progress(1, null, null));

        running.work().complete("done");
        assertThat(fixture.state(running.id()).result()).isEqualTo("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void questionIsGivenUpInTimeAlsoWhereThatCannotBeRecorded() {
        Running running = fixture.running();
        CompletableFuture<Object> answer =
                running.context().requestInput("ask", null).toCompletableFuture();
        store.fail(Call.CHANGE);

        fixture.advance(ExecutorConfig.DEFAULTS.inputTimeout().plus(SLOT));

        assertThat(answer)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(InputUnavailableException.class);
        running.work().complete("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void shutdownIsOverAlsoWhereNothingCanBeCancelled() {
        fixture.running();
        store.fail(Call.END);

        CompletableFuture<Integer> shutdown =
                fixture.executor.shutdown(Duration.ofSeconds(1)).toCompletableFuture();
        fixture.advance(SLOT);

        assertThat(shutdown).isCompletedWithValue(0);
        fixture.executor.close();
    }

    @Test
    void errorOfTheStoreIsNoOtherThanAnException() {
        store.failWith(() -> new OutOfMemoryError("no room"));
        Running running = fixture.running();
        store.fail(Call.END);
        running.work().complete("done");

        store.recover();
        fixture.advance(INTERVAL.plus(SLOT));

        assertThat(fixture.state(running.id()).result()).isEqualTo("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void timerThatTakesNothingFailsTheCallAndTheOperation() {
        fixture.timer.refuse();

        CompletableFuture<Operation> call = fixture.start(context -> "never");

        assertThat(call)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RejectedExecutionException.class);
        fixture.operations.runAll();
        assertThat(fixture.events.ended)
                .singleElement()
                .extracting(Operation::status)
                .isEqualTo(OperationStatus.FAILED);
        fixture.assertNothingLeaks();
    }

    @Test
    void handleThatIsAskedForAtOnceNeedsNoTimer() {
        fixture.timer.refuse();

        assertThat(fixture.start(context -> "never", AT_ONCE).join().status()).isEqualTo(OperationStatus.QUEUED);
    }

    private static void assertGone(ThrowingCallable call) {
        assertThatIllegalStateException().isThrownBy(call).withMessage("the database is gone");
    }
}
