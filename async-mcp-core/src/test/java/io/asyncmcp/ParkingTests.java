package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.engine.OperationThreads.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What waits for an answer takes no place from others, and gets one again before it goes on. */
class ParkingTests {

    private static final OperationOwner ANN = OperationOwner.principal("ann");

    private static final OperationOwner BOB = OperationOwner.principal("bob");

    private static CompletableFuture<Object> ask(Running running) {
        return running.context().requestInput("question", "ask", null).toCompletableFuture();
    }

    private static void answer(ExecutorFixture fixture, Running running) {
        assertThat(fixture.executor.answerInput(running.id(), null, "question", InputResponse.of("yes")))
                .isTrue();
        fixture.callbacks.runAll();
    }

    private static ExecutorFixture limited(Limits limits) {
        return ExecutorFixture.configured(config -> config.withLimits(limits));
    }

    @Test
    void whatIsQueuedRunsWhileAQuestionIsOpen() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 1, 0);
        Running asking = fixture.running();
        String queued = fixture.submitted(OPTIONS);

        CompletableFuture<Object> stage = ask(asking);
        fixture.operations.runAll();

        assertThat(fixture.status(queued)).isEqualTo(OperationStatus.COMPLETED);
        answer(fixture, asking);
        assertThat(stage).isCompletedWithValue("yes");
        asking.work().complete("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void everyPlaceParkedTheServerStillServes() {
        ExecutorFixture fixture = new ExecutorFixture();
        List<Running> parked = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            parked.add(fixture.running(AT_ONCE.withOwner(ANN)));
            ask(parked.get(i));
        }

        CompletableFuture<Operation> other = fixture.start(context -> "served", OPTIONS.withOwner(BOB));
        fixture.operations.runAll();

        assertThat(other).isCompletedWithValueMatching(end -> "served".equals(end.result()));
        assertThat(fixture.executor.statistics().inputRequired()).isEqualTo(300);
        parked.forEach(each -> fixture.executor.cancel(each.id(), null));
        fixture.callbacks.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void answerIsHeardWithAPlaceAndBeforeWhatHasNotBegun() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 1, 0);
        Running asking = fixture.running();
        CompletableFuture<Object> stage = ask(asking);
        Running running = fixture.running();
        String queued = fixture.submitted(OPTIONS);

        answer(fixture, asking);
        assertThat(stage).isNotDone();
        assertThat(fixture.status(asking.id())).isEqualTo(OperationStatus.WORKING);

        running.work().complete("done");
        fixture.callbacks.runAll();
        fixture.operations.runAll();
        assertThat(stage).isCompletedWithValue("yes");
        assertThat(fixture.status(queued)).isEqualTo(OperationStatus.QUEUED);
        asking.work().complete("done");
        fixture.operations.runAll();
        assertThat(fixture.status(queued)).isEqualTo(OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void placeComesBackAfterTheLastAnswer() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 0, 0);
        Running asking = fixture.running();
        CompletableFuture<Object> first = ask(asking);
        CompletableFuture<Object> second =
                asking.context().requestInput("second", "ask", null).toCompletableFuture();

        answer(fixture, asking);
        assertThat(first).isCompletedWithValue("yes");
        Running other = fixture.running();
        fixture.executor.answerInput(asking.id(), null, "second", InputResponse.of("two"));
        fixture.callbacks.runAll();

        assertThat(second).isNotDone();
        other.work().complete("done");
        fixture.callbacks.runAll();
        assertThat(second).isCompletedWithValue("two");
        asking.work().complete("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void bodyOfOneThatEndsWhileItWaitsForItsPlaceHearsAtOnce() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 0, 0);
        Running asking = fixture.running();
        CompletableFuture<Object> stage = ask(asking);
        Running running = fixture.running();
        answer(fixture, asking);

        fixture.executor.cancel(asking.id(), null);
        fixture.callbacks.runAll();

        assertThat(stage).isDone();
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
        running.work().complete("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void questionThatIsGivenUpTakesThePlaceBack() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 0, 0);
        Running asking = fixture.running();

        ask(asking).cancel(false);

        assertThatExceptionOfType(OperationRejectedException.class).isThrownBy(fixture::running);
        asking.work().complete("done");
        fixture.callbacks.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void questionThatRunsOutOfTimeNeedsAPlaceToo() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 0, 0);
        Running asking = fixture.running();
        CompletableFuture<Object> stage = ask(asking);
        Running running = fixture.running();

        fixture.advance(ExecutorConfig.DEFAULTS.inputTimeout().plusSeconds(1));

        assertThat(stage).isNotDone();
        running.work().complete("done");
        fixture.callbacks.runAll();
        assertThat(stage).isCompletedExceptionally();
        asking.work().complete("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void tooManyThatWaitAreToldSoAndKeepTheirPlace() {
        ExecutorFixture fixture = limited(new Limits(2, 0, 0).withMaxAwaitingInput(1));
        ask(fixture.running());
        Running second = fixture.running();

        CompletableFuture<Object> refused = ask(second);

        assertBusy(refused, "busy: 1 operations wait for an answer, the most there may be");
        assertThat(fixture.status(second.id())).isEqualTo(OperationStatus.WORKING);
        fixture.running();
        assertThatExceptionOfType(OperationRejectedException.class).isThrownBy(fixture::running);
    }

    @Test
    void oneOwnerCannotKeepOthersFromAsking() {
        ExecutorFixture fixture = limited(new Limits(9, 0, 0).withMaxAwaitingInput(4));
        ask(fixture.running(AT_ONCE.withOwner(ANN)));
        ask(fixture.running(AT_ONCE.withOwner(ANN)));

        CompletableFuture<Object> refused = ask(fixture.running(AT_ONCE.withOwner(ANN)));

        assertBusy(refused, "busy: 2 operations of this caller wait for an answer, the most one may have");
        Running other = fixture.running(AT_ONCE.withOwner(BOB));
        CompletableFuture<Object> stage = ask(other);
        answer(fixture, other);
        assertThat(stage).isCompletedWithValue("yes");
    }

    private static void assertBusy(CompletableFuture<Object> refused, String message) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(refused::join)
                .withCauseInstanceOf(InputUnavailableException.class)
                .havingCause()
                .withMessage(message);
    }

    @Test
    void shutdownWaitsForWhatIsParked() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 0, 0);
        Running asking = fixture.running();
        ask(asking);

        CompletableFuture<Integer> stopped =
                fixture.executor.shutdown(Duration.ofMinutes(1)).toCompletableFuture();

        assertThat(stopped).isNotDone();
        answer(fixture, asking);
        asking.work().complete("done");
        fixture.callbacks.runAll();
        assertThat(stopped).isCompletedWithValue(0);
    }

    @Test
    void bodiesThatBlockForAnAnswerLeaveAThreadToTheOthers() throws Exception {
        Limits limits = new Limits(1, 0, 0).withMaxAwaitingInput(3);
        try (AsyncExecutor executor = AsyncExecutor.builder()
                .config(ExecutorConfig.DEFAULTS.withLimits(limits))
                .threadKind(Kind.PLATFORM)
                .build()) {
            List<String> blocked = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                CountDownLatch asked = new CountDownLatch(1);
                OperationBody body = context -> {
                    CompletableFuture<Object> answer =
                            context.requestInput("question", "ask", null).toCompletableFuture();
                    asked.countDown();
                    return answer.join();
                };
                blocked.add(executor.submit(body, AT_ONCE).requireId());
                assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            }

            Operation other = executor.execute(context -> "served", OPTIONS);

            assertThat(other.result()).isEqualTo("served");
            for (String id : blocked) {
                assertThat(executor.answerInput(id, null, "question", InputResponse.of("yes")))
                        .isTrue();
                assertThat(executor.continueOperation(id, null, Duration.ofSeconds(30))
                                .result())
                        .isEqualTo("yes");
            }
        }
    }
}
