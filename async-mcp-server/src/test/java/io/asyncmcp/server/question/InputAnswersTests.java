package io.asyncmcp.server.question;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.OperationOwnerResolver;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an answer to a question, whoever gives it. */
class InputAnswersTests {

    private static final OperationOwner ALICE = OperationOwner.principal("alice");

    private static final Map<String, Object> YES = Map.of("action", "accept", "content", Map.of("yes", true));

    private static final Map<String, Object> FORM = Map.of(
            "message",
            "May I?",
            "requestedSchema",
            Map.of("type", "object", "properties", Map.of("yes", Map.of("type", "boolean"))));

    private final AsyncExecutor executor = AsyncExecutor.builder().build();

    private String id;

    @BeforeEach
    void ask() throws InterruptedException {
        ask(executor);
    }

    private void ask(AsyncExecutor where) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        id = where.submit(
                        context -> {
                            CompletionStage<?> answer = context.requestInput("key", "elicitation/create", FORM);
                            asked.countDown();
                            return answer;
                        },
                        ExecuteOptions.ofType("asks").withOwner(ALICE))
                .requireId();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void close() {
        executor.close();
    }

    private InputAnswers.Outcome answer(OperationOwnerResolver owners) {
        return answer(executor, owners, YES);
    }

    private InputAnswers.Outcome answer(AsyncExecutor where, OperationOwnerResolver owners, Object answer) {
        return new InputAnswers(where, owners)
                .take(
                        JSONRPCResponse.result(Question.requestId(id, "key"), answer),
                        McpTransportContext.EMPTY,
                        "session")
                .toCompletableFuture()
                .join();
    }

    private OperationStatus status() {
        return executor.find(id, null).status();
    }

    @Test
    void ownerAnswers() throws InterruptedException {
        assertThat(answer((context, sessionId) -> ALICE)).isEqualTo(InputAnswers.Outcome.TAKEN);
        assertThat(executor.continueOperation(id, ALICE, Duration.ofSeconds(20)).status())
                .isEqualTo(OperationStatus.COMPLETED);
    }

    @Test
    void answerThatIsTooLargeIsRefusedAndTheQuestionStaysOpen() {
        Map<String, Object> large = Map.of("action", "accept", "content", Map.of("text", "x".repeat(1_000)));

        InputAnswers.Outcome outcome = new InputAnswers(executor, (context, sessionId) -> ALICE, 1_000)
                .take(
                        JSONRPCResponse.result(Question.requestId(id, "key"), large),
                        McpTransportContext.EMPTY,
                        "session")
                .toCompletableFuture()
                .join();

        assertThat(outcome.refusal()).isEqualTo("The answer must not exceed 1000 bytes or 256 levels, but it does.");
        assertThat(status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }

    @Test
    void answerThatIsTooHeavyIsBusyAndTheQuestionStaysOpen() throws Exception {
        try (AsyncExecutor small = AsyncExecutor.builder()
                .config(ExecutorConfig.DEFAULTS.withLimits(ExecutorConfig.Limits.DEFAULTS.withMaxActiveBytes(10_000)))
                .build()) {
            ask(small);

            Map<String, Object> heavy = Map.of("action", "decline", "content", Map.of("text", "x".repeat(10_000)));
            InputAnswers.Outcome outcome = answer(small, (context, sessionId) -> ALICE, heavy);

            assertThat(outcome.refusal())
                    .isEqualTo(
                            "busy: with this answer this caller would take up more than 5000 bytes of memory, the most one"
                                    + " may have");
            assertThat(outcome.busy()).isTrue();
            assertThat(small.find(id, null).status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
        }
    }

    /** Nobody learns from it that there is such a question. */
    @Test
    void answerOfSomebodyElseGoesNowhere() {
        assertThat(answer((context, sessionId) -> OperationOwner.principal("bob")))
                .isEqualTo(InputAnswers.Outcome.TAKEN);
        assertThat(status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }

    @Test
    void answerOfACallerWhoIsRefusedLeavesTheQuestionOpen() {
        InputAnswers.Outcome outcome = answer((context, sessionId) -> {
            throw new SecurityException("no principal");
        });

        assertThat(outcome.failed()).isFalse();
        assertThat(outcome.refusal()).isEqualTo("This request needs an authenticated caller.");
        assertThat(status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }

    /** An error signal would end the stream of a whole server on stdio. */
    @Test
    void answerWhoseOwnerCannotBeToldLeavesTheQuestionOpen() {
        InputAnswers.Outcome outcome = answer((context, sessionId) -> {
            throw new NoClassDefFoundError("secret");
        });

        assertThat(outcome).isEqualTo(InputAnswers.Outcome.FAILED);
        assertThat(status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }
}
