package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.FaultyStore.Call;
import io.asyncmcp.OperationRejectedException.Limit;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.store.InMemoryOperationStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ShutdownTests {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final ExecutorFixture fixture = ExecutorFixture.limited(1, 10, 0);

    @Test
    void closeCancelsWhatRunsAndWhatIsQueued() {
        Running running = fixture.running();
        CompletableFuture<Operation> waiter = fixture.await(running.id(), GRACE);
        CompletableFuture<Operation> queued = fixture.start(context -> "never");

        fixture.executor.close();
        fixture.callbacks.runAll();

        assertThat(waiter).isCompletedWithValueMatching(end -> end.status() == OperationStatus.CANCELLED);
        assertThat(queued).isCompletedWithValueMatching(end -> end.status() == OperationStatus.CANCELLED);
        assertThat(running.work()).isCancelled();
        assertThat(fixture.events.ended).hasSize(2);
        assertThat(fixture.timer.isShutdown()).isTrue();
        assertThat(fixture.operations.isShutdown()).isTrue();
        assertThat(fixture.callbacks.isShutdown()).isTrue();
        fixture.assertNothingLeaks();
    }

    @Test
    void threadsAreGivenUpThoughEngineAndStoreCannotBeClosed() {
        FailingEngine engine = new FailingEngine();
        engine.failToClose();
        FaultyStore store = faultyStore();
        ExecutorFixture faulty =
                new ExecutorFixture(builder -> builder.store(store).engine(engine));
        store.fail(Call.CLOSE);

        assertThatIllegalStateException()
                .isThrownBy(faulty.executor::close)
                .withMessage("cannot close")
                .satisfies(fault -> assertThat(fault.getSuppressed())
                        .extracting("message")
                        .containsExactly("the database is gone"));

        assertThat(faulty.timer.isShutdown()).isTrue();
        assertThat(faulty.callbacks.isShutdown()).isTrue();
    }

    private static FaultyStore faultyStore() {
        return new FaultyStore(
                new InMemoryOperationStore(ExecutorConfig.DEFAULTS.retentionPeriod(), new MutableClock()));
    }

    @Test
    void whateverTheStoreThrowsAtACancellationEverythingIsGivenUp() {
        FaultyStore store = faultyStore();
        store.failWith(() -> new IOException("declared by nobody"));
        ExecutorFixture faulty = new ExecutorFixture(builder -> builder.store(store));
        faulty.running();
        CompletableFuture<Integer> shutdown = faulty.executor.shutdown(GRACE).toCompletableFuture();
        store.fail(Call.END, Call.CURRENT);

        faulty.executor.close();

        assertThat(shutdown).isCompletedWithValue(0);
        assertThat(faulty.timer.isShutdown()).isTrue();
        assertThat(faulty.operations.isShutdown()).isTrue();
        assertThat(faulty.callbacks.isShutdown()).isTrue();
    }

    @Test
    void shutdownWithoutGraceThrowsNothingOfTheStores() {
        FaultyStore store = faultyStore();
        store.failWith(() -> new IOException("declared by nobody"));
        ExecutorFixture faulty = new ExecutorFixture(builder -> builder.store(store));
        faulty.running();
        store.fail(Call.END);

        assertThat(faulty.executor.shutdown(Duration.ZERO).toCompletableFuture())
                .isCompletedWithValue(0);
    }

    @Test
    void whatIsOpenIsCountedWithoutTheStore() {
        FaultyStore store = faultyStore();
        ExecutorFixture faulty = new ExecutorFixture(builder -> builder.store(store));
        Running running = faulty.running();
        faulty.submitted(OPTIONS);
        store.fail(Call.values());
        assertThat(faulty.executor.open()).isEqualTo(2);

        store.recover();
        running.work().complete("done");

        assertThat(faulty.executor.open()).isOne();
    }

    @Test
    void closedExecutorTakesNothingAndClosesTwice() {
        fixture.executor.close();
        fixture.executor.close();

        OperationRejectedException refusal =
                catchThrowableOfType(OperationRejectedException.class, () -> fixture.start(context -> "never"));

        assertThat(refusal.limit()).isEqualTo(Limit.SHUTDOWN);
        assertThat(refusal.retryAfter()).isZero();
        assertThat(fixture.executor.shutdown(GRACE).toCompletableFuture()).isCompletedWithValue(0);
    }

    @Test
    void restartedExecutorTakesOperationsAndShutsDownAgain() {
        fixture.executor.shutdown(GRACE);

        fixture.executor.restart();

        CompletableFuture<Operation> call = fixture.start(context -> "done");
        fixture.operations.runAll();
        assertThat(call).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        Running running = fixture.running();
        CompletableFuture<Integer> second = fixture.executor.shutdown(GRACE).toCompletableFuture();
        assertThat(second).isNotDone();
        fixture.advance(GRACE);
        assertThat(second).isCompletedWithValue(1);
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.CANCELLED);
        fixture.assertNothingLeaks();
    }

    @Test
    void restartTakesAShutdownBackThatIsWaiting() {
        Running running = fixture.running();
        CompletableFuture<Integer> shutdown = fixture.executor.shutdown(GRACE).toCompletableFuture();

        fixture.executor.restart();
        fixture.advance(GRACE);

        assertThat(shutdown).isCompletedWithValue(0);
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
        running.work().complete("done");
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void restartedExecutorIsCancelledByNothingButItsOwnShutdown() {
        fixture.running();
        fixture.executor.shutdown(Duration.ZERO);
        fixture.callbacks.runAll();

        fixture.executor.restart();

        Running running = fixture.running();
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
    }

    @Test
    void restartOfAnExecutorThatWasNotShutDownDoesNothing() {
        Running running = fixture.running();

        fixture.executor.restart();

        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
    }

    @Test
    void closedExecutorCannotBeRestarted() {
        fixture.executor.close();

        assertThatIllegalStateException()
                .isThrownBy(fixture.executor::restart)
                .withMessage("a closed executor cannot be restarted");
        assertThat(catchThrowableOfType(OperationRejectedException.class, () -> fixture.start(context -> "never"))
                        .limit())
                .isEqualTo(Limit.SHUTDOWN);
    }

    @Test
    void queuedBodiesDoNotBeginBecauseWhatRunsIsCancelled() {
        fixture.running();
        AtomicBoolean ran = new AtomicBoolean();
        for (int i = 0; i < 10; i++) {
            fixture.start(context -> ran.getAndSet(true));
        }

        fixture.executor.shutdown(Duration.ZERO);

        assertThat(fixture.operations.size()).as("given to a thread").isZero();
        assertThat(ran).isFalse();
        assertThat(fixture.events.ended).hasSize(11);
    }

    @Test
    void shutdownLetsWhatIsAdmittedFinish() {
        Running running = fixture.running();
        CompletableFuture<Operation> queued = fixture.start(context -> "queued");
        CompletableFuture<Integer> shutdown = fixture.executor.shutdown(GRACE).toCompletableFuture();
        assertThat(catchThrowableOfType(OperationRejectedException.class, () -> fixture.start(context -> "never"))
                        .limit())
                .isEqualTo(Limit.SHUTDOWN);

        running.work().complete("done");
        assertThat(shutdown).isNotDone();
        fixture.operations.runAll();

        assertThat(queued).isCompletedWithValueMatching(end -> "queued".equals(end.result()));
        assertThat(shutdown).isCompletedWithValue(0);
        fixture.assertNothingLeaks();
    }

    @Test
    void afterTheGraceTheRestIsCancelledAndCounted() {
        Running running = fixture.running();
        fixture.start(context -> "never");
        fixture.start(context -> "never");
        CompletableFuture<Integer> shutdown = fixture.executor.shutdown(GRACE).toCompletableFuture();

        fixture.advance(GRACE.minusNanos(1));
        assertThat(shutdown).isNotDone();
        fixture.advance(Duration.ofNanos(1));

        assertThat(shutdown).isCompletedWithValue(3);
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.CANCELLED);
        fixture.assertNothingLeaks();
    }

    @Test
    void withoutGraceEverythingIsCancelledAtOnce() {
        fixture.running();

        assertThat(fixture.executor.shutdown(Duration.ofSeconds(-1)).toCompletableFuture())
                .isCompletedWithValue(1);
    }

    @Test
    void idleExecutorIsShutDownAtOnce() {
        assertThat(fixture.executor.shutdown(GRACE).toCompletableFuture()).isCompletedWithValue(0);
        fixture.assertNothingLeaks();
    }

    @Test
    void closeEndsAShutdownThatIsWaiting() {
        CompletableFuture<Object> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        fixture.run(context -> stubborn);
        CompletableFuture<Integer> shutdown = fixture.executor.shutdown(GRACE).toCompletableFuture();

        fixture.executor.close();

        assertThat(shutdown).isCompletedWithValue(1);
    }

    @Test
    void shutdownIsOverOnlyWhenTheLastEndHasBeenTold() {
        AtomicReference<CompletableFuture<Integer>> shutdown = new AtomicReference<>();
        AtomicBoolean tooEarly = new AtomicBoolean();
        OperationListener listener = new OperationListener() {
            @Override
            public void ended(Operation operation) {
                tooEarly.set(shutdown.get().isDone());
            }
        };
        try (ExecutorFixture listened = new ExecutorFixture(builder -> builder.listener(listener))) {
            Running running = listened.running();
            shutdown.set(listened.executor.shutdown(GRACE).toCompletableFuture());

            running.work().complete("done");

            assertThat(tooEarly).isFalse();
            assertThat(shutdown.get()).isCompletedWithValue(0);
        }
    }

    @Test
    void callersCancellationDoesNotStopTheShutdown() {
        Running running = fixture.running();
        fixture.executor.shutdown(GRACE).toCompletableFuture().cancel(true);
        CompletableFuture<Integer> second = fixture.executor.shutdown(GRACE).toCompletableFuture();

        running.work().complete("done");

        assertThat(second).isCompletedWithValue(0);
    }

    @Test
    void operationStartedWhileTheExecutorClosesIsCancelled() {
        AtomicReference<Runnable> whileStarting = new AtomicReference<>(() -> {});
        OperationListener closing = new OperationListener() {
            @Override
            public void started(Operation operation) {
                whileStarting.get().run();
            }
        };
        ExecutorFixture racing = new ExecutorFixture(builder -> builder.listener(closing));
        whileStarting.set(racing.executor::close);

        CompletableFuture<Operation> call = racing.start(context -> "never", OPTIONS);

        assertThat(call).isCompletedWithValueMatching(end -> end.status() == OperationStatus.CANCELLED);
        assertThat(racing.events.names).containsExactly("started", "ended");
        racing.assertNothingLeaks();
    }

    @Test
    void listenerThatFailsDoesNotKeepTheOthersFromBeingCancelled() {
        OperationListener broken = new OperationListener() {
            @Override
            public void ended(Operation operation) {
                throw new AssertionError("boom");
            }
        };
        ExecutorFixture listened = new ExecutorFixture(builder -> builder.listener(broken));
        listened.running();
        listened.running();

        listened.executor.close();
        listened.callbacks.runAll();

        assertThat(listened.events.ended).hasSize(2);
        listened.assertNothingLeaks();
    }
}
