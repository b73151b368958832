package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.engine.OperationEngine;
import io.asyncmcp.store.OperationRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTests {

    private final ExecutorFixture fixture = ExecutorFixture.limited(1, 2000, 0);

    static Stream<Throwable> everythingThatCanBeThrown() {
        return Stream.of(
                new IllegalStateException("boom"),
                new IOException("boom"),
                new OutOfMemoryError("boom"),
                new StackOverflowError("boom"),
                new AssertionError("boom"),
                new NoClassDefFoundError("boom"),
                new Stop("boom"));
    }

    @ParameterizedTest
    @MethodSource("everythingThatCanBeThrown")
    void whatABodyThrowsFailsItsOperationAndGivesThePlaceBack(Throwable error) {
        Operation end = fixture.run(context -> sneak(error));

        assertThat(end.status()).isEqualTo(OperationStatus.FAILED);
        assertToldWithCauseAndKeptWithout(end, error);
        fixture.assertNothingLeaks();
    }

    @ParameterizedTest
    @MethodSource("everythingThatCanBeThrown")
    void whatAListenerThrowsChangesNothing(Throwable error) {
        OperationListener broken = new OperationListener() {
            @Override
            public void started(Operation operation) {
                sneak(error);
            }

            @Override
            public void promoted(Operation operation) {
                sneak(error);
            }

            @Override
            public void ended(Operation operation) {
                sneak(error);
            }
        };
        RecordingListener next = new RecordingListener();
        try (ExecutorFixture listened =
                new ExecutorFixture(builder -> builder.listener(broken).listener(next))) {
            Operation end = listened.run(context -> "done");

            assertThat(end.result()).isEqualTo("done");
            assertThat(next.names).containsExactly("started", "promoted", "ended");
            listened.assertNothingLeaks();
        }
    }

    @ParameterizedTest
    @MethodSource("everythingThatCanBeThrown")
    void whatACancellationCallbackThrowsDoesNotStopTheOthers(Throwable error) {
        ExecutorFixture.Running running = fixture.running();
        List<String> called = new ArrayList<>();
        running.context().onCancel(() -> called.add("first"));
        running.context().onCancel(() -> sneak(error));
        running.context().onCancel(() -> called.add("third"));

        fixture.executor.cancel(running.id(), null);
        fixture.callbacks.runAll();

        assertThat(called).containsExactly("first", "third");
        fixture.assertNothingLeaks();
    }

    @ParameterizedTest
    @MethodSource("everythingThatCanBeThrown")
    void whatThePredicateForFailuresThrowsFailsTheOperation(Throwable error) {
        Operation handle = fixture.start(context -> "done", AT_ONCE.withReportsFailure(result -> sneak(error) != null))
                .join();

        fixture.operations.runAll();

        assertToldWithCauseAndKeptWithout(fixture.state(handle.requireId()), error);
        fixture.assertNothingLeaks();
    }

    /** Listeners see the exception; whoever comes back later does not, and it can be collected. */
    private void assertToldWithCauseAndKeptWithout(Operation kept, Throwable error) {
        assertThat(fixture.events.ended)
                .extracting(Operation::failure)
                .containsExactly(new OperationFailure(Reason.EXCEPTION, "boom", error));
        assertThat(kept.failure()).isEqualTo(new OperationFailure(Reason.EXCEPTION, "boom", null));
    }

    @Test
    void whoWaitsForTheEndSeesTheException() {
        IllegalStateException error = new IllegalStateException("boom");
        String id = fixture.start(context -> sneak(error), AT_ONCE).join().requireId();
        CompletableFuture<Operation> waiter = fixture.await(id, Duration.ofSeconds(30));

        fixture.operations.runAll();

        assertThat(waiter.join().failure()).isEqualTo(new OperationFailure(Reason.EXCEPTION, "boom", error));
        assertThat(fixture.state(id).failure()).isEqualTo(new OperationFailure(Reason.EXCEPTION, "boom", null));
    }

    @Test
    void errorWithoutAMessageIsDescribedByItsClass() {
        assertThat(fixture.run(context -> sneak(new IllegalStateException())).failure())
                .extracting(OperationFailure::message)
                .isEqualTo("IllegalStateException");
        assertThat(fixture.run(context -> sneak(new IllegalStateException("  ")))
                        .failure())
                .extracting(OperationFailure::message)
                .isEqualTo("IllegalStateException");
    }

    @Test
    void errorWhoseMessageCannotBeReadStillFailsTheOperation() {
        Operation end = fixture.run(context -> sneak(new Unreadable()));

        assertThat(end.failure()).extracting(OperationFailure::message).isEqualTo("Unreadable");
        fixture.assertNothingLeaks();
    }

    @Test
    void resultThatReportsAnErrorIsKeptWithTheFailure() {
        Operation handle = fixture.start(context -> "bad", AT_ONCE.withReportsFailure("bad"::equals))
                .join();

        fixture.operations.runAll();

        Operation end = fixture.state(handle.requireId());
        assertThat(end.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(end.result()).isEqualTo("bad");
        assertThat(end.failure()).extracting(OperationFailure::reason).isEqualTo(Reason.ERROR_RESULT);
    }

    @Test
    void engineThatFailsAtEverythingLosesNeitherEndsNorCallers() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        try (ExecutorFixture failing = new ExecutorFixture(builder -> builder.engine(new FailingEngine()))) {
            CompletableFuture<Operation> call = failing.start(context -> work);
            assertThat(call).isCompletedWithValueMatching(end -> end.status() == OperationStatus.FAILED);

            work.complete("late");

            assertThat(failing.events.names).containsExactly("started", "ended");
            failing.assertNothingLeaks();
        }
    }

    @Test
    void waitThatCannotBeginFailsWithWhateverWasThrown() {
        OperationEngine engine = new OperationEngine() {
            @Override
            public void submit(OperationRecord record, Runnable work) {}

            @Override
            public void interrupt(OperationRecord record) {}

            @Override
            public void changed(OperationRecord record) {}

            @Override
            public Watch watch(OperationRecord record, Runnable onChange) {
                FailureTests.<RuntimeException>sneak(new IOException("declared by nobody"));
                return () -> {};
            }

            @Override
            public void close() {}
        };
        try (ExecutorFixture failing = new ExecutorFixture(builder -> builder.engine(engine))) {
            CompletableFuture<Operation> call = failing.start(context -> "never");

            assertThat(call).failsWithin(Duration.ZERO).withThrowableThat().withCauseInstanceOf(IOException.class);
            assertThat(failing.executor.statistics().waiting()).isZero();
        }
    }

    @Test
    void withoutAThreadTheOperationFailsAndGivesItsPlaceBack() {
        fixture.operations.refuse();

        Operation end = fixture.start(context -> "never").join();

        assertThat(end.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(end.failure()).extracting(OperationFailure::reason).isEqualTo(Reason.NOT_STARTED);
        assertThat(fixture.events.names).containsExactly("started", "ended");
        fixture.assertNothingLeaks();
    }

    @Test
    void withoutAThreadALongQueueFailsWithoutOverflowingTheStack() {
        ExecutorFixture.Running running = fixture.running();
        List<CompletableFuture<Operation>> queued = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            queued.add(fixture.start(context -> "never"));
        }
        fixture.operations.refuse();
        List<Throwable> thrown = new ArrayList<>();
        Runnable lastStraw = () -> running.work().complete("done");

        Thread small = new Thread(null, lastStraw, "small stack", 128 * 1024);
        small.setUncaughtExceptionHandler((thread, error) -> thrown.add(error));
        small.start();
        join(small);

        assertThat(thrown).isEmpty();
        assertThat(queued)
                .allSatisfy(call ->
                        assertThat(call).isCompletedWithValueMatching(end -> end.status() == OperationStatus.FAILED));
        fixture.assertNothingLeaks();
    }

    @Test
    void lifetimeAndWaitsThatMeanForEverAreTaken() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        try (ExecutorFixture eternal = ExecutorFixture.configured(config -> config.withMaxLifetime(forEver)
                .withMaxWait(forEver)
                .withInputTimeout(forEver)
                .withCleanupInterval(forEver)
                .withRetentionPeriod(forEver))) {
            CompletableFuture<Operation> call =
                    eternal.start(context -> context.requestInput("ask", null), OPTIONS.withTimeout(forEver));
            eternal.operations.runAll();
            Operation asking = eternal.executor.operations(OperationQuery.ALL).get(0);

            eternal.executor.answerInput(asking.requireId(), null, "ask#1", InputResponse.of("yes"));
            eternal.callbacks.runAll();

            assertThat(call.join().result()).isEqualTo("yes");
            eternal.assertNothingLeaks();
            assertThat(eternal.executor.shutdown(forEver).toCompletableFuture()).isCompletedWithValue(0);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> Object sneak(Throwable error) throws T {
        throw (T) error;
    }

    /** What a thread that is told to stop may throw: no exception, and no error that anybody knows. */
    private static final class Stop extends Error {
        private static final long serialVersionUID = 1L;

        Stop(String message) {
            super(message);
        }
    }

    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not even this works");
        }
    }
}
