package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.doubles.ManualExecutor;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InputRequestTests {

    private final ExecutorFixture fixture = new ExecutorFixture();

    private final AsyncExecutor executor = fixture.executor;

    private final Running running = fixture.running();

    private final String id = running.id();

    @Test
    void questionTurnsTheOperationUntilItsAnswerIsThere() {
        CompletableFuture<Object> answer = ask();
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.INPUT_REQUIRED);
        assertThat(fixture.state(id).pendingInputs())
                .containsExactly(new InputRequest("ask#1", "ask", "params", false, null));
        assertThat(executor.statistics().inputRequired()).isOne();

        assertThat(answer("ask#1", "yes")).isTrue();

        assertThat(answer).isCompletedWithValue("yes");
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.WORKING);
        assertThat(fixture.state(id).inputs()).as("what the body has heard").isEmpty();
        running.work().complete("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void operationWaitsUntilTheLastOfSeveralQuestionsIsAnswered() {
        CompletableFuture<Object> first = ask();
        CompletableFuture<Object> second = ask();

        answer("ask#2", "two");
        assertThat(second).isCompletedWithValue("two");
        assertThat(first).isNotDone();
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.INPUT_REQUIRED);
        answer("ask#1", "one");

        assertThat(first).isCompletedWithValue("one");
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.WORKING);
    }

    @Test
    void keysAreNeverUsedTwice() {
        ask();
        answer("ask#1", "one");
        ask();
        running.context().requestInput("sample", null);

        assertThat(fixture.state(id).inputs()).extracting(InputRequest::key).containsExactly("ask#2", "sample#3");
    }

    @Test
    void questionsGoWithTheEndAnsweredOrNot() {
        ask();
        ask();
        answer("ask#1", "one");

        fixture.executor.cancel(id, null);

        assertThat(fixture.state(id).inputs()).isEmpty();
    }

    @Test
    void bodyChoosesKeysWhichAreNeverUsedTwice() {
        running.context().requestInput("name", "ask", null);
        running.context().requestInput("name", "ask", null);
        running.context().requestInput("ask", null);
        running.context().requestInput("ask#4", "ask", null);
        running.context().requestInput("ask", null);

        assertThat(fixture.state(id).inputs())
                .extracting(InputRequest::key)
                .containsExactly("name", "name-2", "ask#3", "ask#4", "ask#5");
        assertThatIllegalArgumentException().isThrownBy(() -> running.context().requestInput(" ", "ask", null));
    }

    @Test
    void questionIsClaimedOnceAndCanStillBeAnswered() {
        CompletableFuture<Object> answer = ask();

        assertThat(executor.claimInput(id, null, "ask#1")).isTrue();
        assertThat(executor.claimInput(id, null, "ask#1")).isFalse();

        assertThat(fixture.state(id).pendingInputs())
                .singleElement()
                .extracting(InputRequest::delivered)
                .isEqualTo(true);
        assertThat(answer("ask#1", "yes")).isTrue();
        assertThat(answer).isCompletedWithValue("yes");
        assertThat(executor.claimInput(id, null, "ask#1")).isFalse();
    }

    @Test
    void firstAnswerCounts() {
        CompletableFuture<Object> answer = ask();

        assertThat(answer("ask#1", null)).isTrue();
        assertThat(answer("ask#1", "second")).isFalse();

        assertThat(answer).isCompletedWithValue(null);
    }

    @Test
    void unknownKeysAreRefused() {
        ask();

        assertThat(answer("ask#2", "yes")).isFalse();
        assertThat(executor.claimInput(id, null, "")).isFalse();
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }

    @Test
    void answerAfterTheEndIsRefused() {
        CompletableFuture<Object> answer = ask();
        executor.cancel(id, null);

        assertThat(answer("ask#1", "late")).isFalse();
        assertThat(executor.claimInput(id, null, "ask#1")).isFalse();

        assertThat(answer).isCompletedExceptionally();
        assertThat(answer.handle((value, error) -> error).join()).isInstanceOf(CancellationException.class);
        fixture.assertNothingLeaks();
    }

    @Test
    void everyEndEndsTheQuestions() {
        CompletableFuture<Object> answer = ask();

        running.work().complete("could not wait");
        fixture.callbacks.runAll();

        assertThat(answer).isCompletedExceptionally();
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void refusalReachesTheBody() {
        CompletableFuture<Object> answer = ask();

        executor.answerInput(id, null, "ask#1", InputResponse.failed("the user declined"));
        fixture.callbacks.runAll();

        assertThat(answer.handle((value, error) -> error).join())
                .isExactlyInstanceOf(InputUnavailableException.class)
                .hasMessage("the user declined");
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.WORKING);
    }

    @Test
    void questionNobodyAnswersInTimeIsGivenUp() {
        CompletableFuture<Object> answer = ask();

        fixture.advance(Duration.ofMinutes(5));

        assertThat(answer.handle((value, error) -> error).join())
                .isExactlyInstanceOf(InputUnavailableException.class)
                .hasMessage("nobody answered within 300 s");
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.WORKING);
        assertThat(answer("ask#1", "late")).isFalse();
    }

    @Test
    void answerStopsTheClockOfItsQuestion() {
        int timeouts = fixture.timeouts();
        ask();
        answer("ask#1", "yes");

        assertThat(fixture.timeouts()).isEqualTo(timeouts);
    }

    @Test
    void questionAskedAfterTheEndEndsAtOnceAndLeavesNothingBehind() {
        executor.cancel(id, null);

        CompletableFuture<Object> answer = ask();
        fixture.callbacks.runAll();

        assertThat(answer.handle((value, error) -> error).join()).isInstanceOf(CancellationException.class);
        assertThat(fixture.status(id)).isEqualTo(OperationStatus.CANCELLED);
        assertThat(fixture.state(id).inputs()).isEmpty();
        fixture.assertNothingLeaks();
    }

    @Test
    void askingMakesTheOperationKnownToThoseWhoAnswer() {
        CompletableFuture<Operation> call =
                fixture.start(context -> context.requestInput("ask", null), ExecuteOptions.ofType("unpublished"));
        fixture.operations.runAll();

        Operation asking =
                executor.operations(OperationQuery.ALL.withType("unpublished")).get(0);
        executor.answerInput(asking.requireId(), null, "ask#1", InputResponse.of("yes"));
        fixture.callbacks.runAll();

        assertThat(call).isCompletedWithValueMatching(end -> "yes".equals(end.result()));
    }

    @Test
    void whatTheBodyDoesWithAnAnswerDoesNotHoldWhoeverAnswers() throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(1);
        CompletableFuture<Boolean> continued = new CompletableFuture<>();
        try (AsyncExecutor real = AsyncExecutor.builder().build()) {
            String asking = real.execute(
                            context -> context.requestInput("ask", null)
                                    .thenAccept(answer -> continued.complete(within(answered))),
                            AT_ONCE)
                    .requireId();
            while (!real.answerInput(asking, null, "ask#1", InputResponse.of("yes"))) {
                Thread.onSpinWait();
            }
            answered.countDown();

            assertThat(continued)
                    .as("the answer was taken while the body was at it")
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(true);
        }
    }

    @Test
    void whatTheBodyDoesWithNoAnswerDoesNotHoldTheTimeOut() {
        ManualExecutor timeouts = new ManualExecutor();
        try (ExecutorFixture timed = new ExecutorFixture(builder -> builder.timeoutThreads(timeouts))) {
            CompletableFuture<Object> answer =
                    timed.running().context().requestInput("ask", null).toCompletableFuture();

            timed.timer.advance(Duration.ofMinutes(5));
            timeouts.runAll();

            assertThat(answer).as("nothing runs on the time-out's thread").isNotDone();
            timed.callbacks.runAll();
            assertThat(answer).isCompletedExceptionally();
        }
    }

    @Test
    void questionTheBodyGivesUpStopsItsClock() {
        int timeouts = fixture.timeouts();
        CompletableFuture<Object> answer = ask();

        answer.cancel(true);

        assertThat(fixture.timeouts()).isEqualTo(timeouts);
        assertThat(fixture.callbacks.size()).as("nobody is told").isZero();
    }

    @Test
    void progressWhileWaitingDoesNotEndTheWait() {
        ask();

        running.context().progress(1, null, null);

        assertThat(fixture.status(id)).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }

    private static boolean within(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private CompletableFuture<Object> ask() {
        return running.context().requestInput("ask", "params").toCompletableFuture();
    }

    /** Answers, and runs what the body does with the answer. */
    private boolean answer(String key, Object value) {
        boolean taken = executor.answerInput(id, null, key, InputResponse.of(value));
        fixture.callbacks.runAll();
        return taken;
    }
}
