package io.asyncmcp.server.modern;

import static io.asyncmcp.server.modern.AskingTools.FORM;
import static io.asyncmcp.server.modern.AskingTools.answer;
import static io.asyncmcp.server.modern.AskingTools.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.InputRequest;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.WaitBudgets;
import io.asyncmcp.server.modern.ModernFixture.Running;
import io.asyncmcp.server.question.Question;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

class LongRequestTests {

    private static final Duration GATHERING = Duration.ofMillis(30);

    private final ModernFixture fixture = new ModernFixture();

    private final AskingTools tool = new AskingTools(fixture, false);

    @AfterEach
    void close() {
        fixture.close();
    }

    private CompletableFuture<Object> call(Map<String, Object> more, ClientCapabilities capabilities, boolean tasks) {
        Map<String, Object> params = new HashMap<>(more);
        params.put("name", "report");
        CompletableFuture<Object> result = fixture.runs
                .start(fixture.request("tools/call", params, capabilities, tasks), fixture.server)
                .toCompletableFuture();
        fixture.settle();
        return result;
    }

    private CompletableFuture<Object> call(Map<String, Object> more) {
        return call(more, ModernFixture.ALL, false);
    }

    private static Map<?, ?> result(CompletableFuture<Object> stage) {
        assertThat(stage).isCompleted();
        return (Map<?, ?>) stage.join();
    }

    private static String textOf(CompletableFuture<Object> stage) {
        assertThat(result(stage).get("resultType")).isEqualTo("complete");
        return ((Map<?, ?>) ((List<?>) result(stage).get("content")).get(0))
                .get("text")
                .toString();
    }

    private static Map<?, ?> questions(CompletableFuture<Object> stage) {
        assertThat(result(stage).get("resultType")).isEqualTo("input_required");
        assertThat(result(stage).get("requestState")).isInstanceOf(String.class);
        return (Map<?, ?>) result(stage).get("inputRequests");
    }

    private static McpError error(CompletableFuture<Object> stage) {
        assertThat(stage).isCompletedExceptionally();
        return (McpError)
                stage.handle((result, error) -> error instanceof CompletionException ? error.getCause() : error)
                        .join();
    }

    private LongRequest run(ModernRequest request) {
        return new LongRequest(request, fixture.services, fixture.outcomes, false, new HashMap<>(), () -> new byte[0]);
    }

    private OperationStatus status() {
        return fixture.operations
                .executor()
                .find(tool.context.operationId(), null)
                .status();
    }

    private boolean claim(String id, String key) {
        return fixture.operations.executor().claimInput(id, null, key);
    }

    @Test
    void handlersResult() {
        tool.does(detached -> text("42", false));
        assertThat(textOf(call(Map.of()))).isEqualTo("42");
    }

    @Test
    void questionEndsTheRequestAndNotTheWork() {
        tool.asks("name");
        CompletableFuture<Object> result = call(Map.of());
        assertThat(result).as("more may be asked").isNotDone();
        fixture.advance(GATHERING);
        assertThat(questions(result)).isEqualTo(Map.of("name", Map.of("method", "elicitation/create", "params", FORM)));
        assertThat(status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
        assertThat(claim(tool.context.operationId(), "name"))
                .as("somebody else may ask, on whichever face")
                .isTrue();
    }

    @Test
    void questionsOfOneTimeGoOutTogether() {
        tool.asks("one", "two", "three");
        CompletableFuture<Object> result = call(Map.of());
        fixture.advance(GATHERING);
        assertThat(questions(result).keySet()).map(String::valueOf).containsExactly("one", "two", "three");
    }

    @Test
    void everyQuestionWaitsForTheNext() {
        tool.asks("one");
        CompletableFuture<Object> result = call(Map.of());
        fixture.advance(Duration.ofMillis(20));
        tool.context.requestInput("two", "elicitation/create", FORM);
        fixture.advance(Duration.ofMillis(20));
        assertThat(result).isNotDone();
        fixture.advance(Duration.ofMillis(10));
        assertThat(questions(result).keySet()).map(String::valueOf).containsExactly("one", "two");
    }

    @Test
    void questionThatTheClientCannotAnswerIsNotAsked() {
        tool.asks("one");
        CompletableFuture<Object> result =
                call(Map.of(), ClientCapabilities.builder().sampling().build(), false);
        fixture.advance(GATHERING);
        assertThat(result).isNotDone();
        assertThat(claim(tool.context.operationId(), "one")).isTrue();
    }

    @Test
    void earlyAnswersAreTaken() {
        tool.asks("one", "two");
        CompletableFuture<Object> result =
                call(Map.of("inputResponses", Map.of("one", answer("a"), "two", answer("b"), "three", answer("c"))));
        assertThat(textOf(result)).contains("name=a", "name=b").doesNotContain("name=c");
    }

    @Test
    void onlyWhatWasNotAnsweredEarlyIsAsked() {
        tool.asks("one", "two");
        CompletableFuture<Object> result = call(Map.of("inputResponses", Map.of("two", answer("b"))));
        fixture.advance(GATHERING);
        assertThat(questions(result).keySet()).map(String::valueOf).containsExactly("one");
    }

    @Test
    void earlyAnswerThatDoesNotFitIsAskedFor() {
        for (Object misfit :
                List.of("text", Map.of("action", "maybe"), Map.of("action", "accept", "content", Map.of("name", 5)))) {
            tool.asks("name");
            CompletableFuture<Object> result = call(Map.of("inputResponses", Map.of("name", misfit)));
            fixture.advance(GATHERING);
            assertThat(questions(result).keySet()).map(String::valueOf).containsExactly("name");
            assertThat(status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
        }
    }

    /** The first look-up is for the question to be asked, the second for the answer to be taken. */
    @Test
    void earlyAnswerThatCannotBeTakenIsAskedFor() {
        tool.asks("name");
        fixture.lookUps.failAt(2, new NoClassDefFoundError("a driver's"));
        CompletableFuture<Object> result = call(Map.of("inputResponses", Map.of("name", answer("a"))));
        fixture.advance(GATHERING);

        assertThat(fixture.lookUps.haveFailed()).isTrue();
        assertThat(questions(result).keySet()).map(String::valueOf).containsExactly("name");
        assertThat(status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }

    /** The last two look-ups at the end of a request are for its questions to be given back. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void questionThatCannotBeGivenBackTakesNoOtherWithIt(int lookUp) {
        tool.asks("one", "two");
        CompletableFuture<Object> result = call(Map.of());
        fixture.lookUps.failAt(lookUp, new NoClassDefFoundError("a driver's"));
        fixture.advance(GATHERING);

        assertThat(fixture.lookUps.haveFailed()).isTrue();
        assertThat(questions(result).keySet()).map(String::valueOf).containsExactly("one", "two");
        String id = tool.context.operationId();
        assertThat(List.of(claim(id, "one"), claim(id, "two")))
                .as("whoever comes back may be asked")
                .contains(true);
    }

    @Test
    void questionAfterTheEndIsGivenBack() {
        Running running = fixture.running(ModernFixture.ALICE);
        running.context().requestInput("name", "elicitation/create", FORM);
        LongRequest run = run(fixture.request("tools/call", Map.of("name", "report"), ModernFixture.ALL, false));
        run.fail(ModernErrors.internal("over"));
        assertThat(claim(running.id(), "name")).isTrue();
        assertThat(claim(running.id(), "name")).isFalse();
        run.ask(new Question(running.id(), new InputRequest("name", "elicitation/create", FORM, true, null)), FORM);
        assertThat(claim(running.id(), "name")).isTrue();
        assertThat(error(run.result().toCompletableFuture()).getMessage()).contains("over");
    }

    @Test
    void questionOfARequestThatIsGivenUpIsNotAsked() {
        tool.asks("name");
        CompletableFuture<Object> result = call(Map.of(), ModernFixture.ALL, true);
        String id = tool.context.operationId();
        assertThat(claim(id, "name")).as("on its way").isFalse();
        fixture.channel.lose();
        fixture.advance(GATHERING);
        assertThat(result).isNotDone();
        assertThat(status()).isEqualTo(OperationStatus.CANCELLED);
    }

    @Test
    void questionAtTheEndOfTheWaitIsAskedByTheTask() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        tool.does(detached -> Mono.fromFuture(work));
        CompletableFuture<Object> result = call(Map.of(), ModernFixture.ALL, true);
        fixture.advance(ModernFixture.INLINE_WAIT.minusMillis(10));
        tool.context.requestInput("name", "elicitation/create", FORM);
        fixture.advance(Duration.ofMillis(10));
        assertThat(result(result).get("resultType")).isEqualTo("task");
        fixture.advance(GATHERING);
        assertThat(claim(tool.context.operationId(), "name")).isTrue();
    }

    @Test
    void otherRequestsAreDropped() {
        LongRequest run = run(fixture.request("tools/call", Map.of("name", "report"), ModernFixture.ALL, false));
        run.send(new JSONRPCRequest("ping", 1, null));
        fixture.advance(GATHERING);
        assertThat(run.result().toCompletableFuture()).isNotDone();
    }

    @Test
    void abandonedRunNeverCompletes() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        tool.does(detached -> Mono.fromFuture(work));
        CompletableFuture<Object> result = call(Map.of());
        fixture.channel.lose();
        fixture.settle();
        assertThat(status()).as("nobody knows of it any more").isEqualTo(OperationStatus.CANCELLED);
        work.complete(text("42", false));
        fixture.advance(Duration.ofMinutes(1));
        assertThat(result).as("nobody is there to hear of it").isNotDone();
    }

    @Test
    void abandonedRunDoesNotFailEither() {
        LongRequest run = run(fixture.request("tools/call", Map.of("name", "report"), ModernFixture.ALL, false));
        fixture.channel.lose();
        run.fail(ModernErrors.internal("too late"));
        assertThat(run.result().toCompletableFuture()).isNotDone();
        assertThat(run.over().toCompletableFuture()).isCompleted();
    }

    @Test
    void resultStaysWhenTheClientGoes() {
        tool.does(detached -> text("42", false));
        CompletableFuture<Object> result = call(Map.of());
        fixture.channel.lose();
        assertThat(textOf(result)).isEqualTo("42");
    }

    @Test
    void missingCapabilityWinsOverAnErrorOfTheTool() {
        ElicitFormRequest question = new ElicitFormRequest("Who?", Map.of("type", "object"), null);
        tool.does(detached -> detached.exchange()
                .createElicitation(question)
                .map(answer -> text("fine", false))
                .onErrorReturn(text("I could not ask", true)));
        McpError error = error(call(Map.of(), ModernFixture.NONE, false));
        assertThat(error.getJsonRpcError().code()).isEqualTo(-32021);
        assertThat(error.getJsonRpcError().data())
                .isEqualTo(Map.of("requiredCapabilities", Map.of("elicitation", Map.of())));

        tool.does(detached -> detached.exchange().createElicitation(question));
        assertThat(error(call(Map.of(), ModernFixture.NONE, false))
                        .getJsonRpcError()
                        .code())
                .as("thrown as it is")
                .isEqualTo(-32021);
    }

    @Test
    void toolThatCanDoWithoutTheCapabilityIsNotDisturbed() {
        ElicitFormRequest question = new ElicitFormRequest("Who?", Map.of("type", "object"), null);
        tool.does(detached -> detached.exchange()
                .createElicitation(question)
                .map(answer -> text("asked", false))
                .onErrorReturn(text("42 without asking", false)));
        assertThat(textOf(call(Map.of(), ModernFixture.NONE, false))).isEqualTo("42 without asking");
    }

    @Test
    void ownErrorStaysAResult() {
        tool.does(detached -> text("no such city", true));
        CompletableFuture<Object> result = call(Map.of(), ModernFixture.NONE, false);
        assertThat(textOf(result)).isEqualTo("no such city");
        assertThat(result(result).get("isError")).isEqualTo(true);
    }

    @Test
    void errorOfTheProtocolIsPassedOn() {
        tool.does(detached -> {
            throw McpError.builder(-32002).message("gone").build();
        });
        assertThat(error(call(Map.of())).getJsonRpcError().code()).isEqualTo(-32602);
    }

    @Test
    void whatIsNotDoneInTimeBecomesATaskOfAClientThatCanHandleThem() {
        tool.does(detached -> Mono.never());
        CompletableFuture<Object> result = call(Map.of(), ModernFixture.NONE, true);
        fixture.advance(ModernFixture.INLINE_WAIT.minusMillis(1));
        assertThat(result).isNotDone();
        fixture.advance(Duration.ofMillis(1));
        assertThat(result(result).get("resultType")).isEqualTo("task");
        assertThat(result(result).get("status")).isEqualTo("working");
        assertThat(result(result).get("taskId")).isEqualTo(tool.context.operationId());
        assertThat(status()).isEqualTo(OperationStatus.WORKING);
    }

    @Test
    void taskThatNobodyWasToldOfIsCancelled() {
        tool.does(detached -> Mono.never());
        CompletableFuture<Object> result = call(Map.of(), ModernFixture.NONE, true);
        fixture.advance(ModernFixture.INLINE_WAIT);
        assertThat(result(result).get("resultType")).isEqualTo("task");
        fixture.channel.lose();
        fixture.settle();
        assertThat(status()).isEqualTo(OperationStatus.CANCELLED);
    }

    @Test
    void otherClientsGetAHandle() {
        tool.does(detached -> Mono.never());
        CompletableFuture<Object> result = call(Map.of(), ModernFixture.NONE, false);
        fixture.advance(WaitBudgets.DEFAULTS.unknown().minusMillis(1));
        assertThat(result).isNotDone();
        fixture.advance(Duration.ofMillis(1));
        assertThat(textOf(result)).contains("continue_operation", tool.context.operationId());
    }

    @Test
    void notificationsGoOutBeforeTheResultAndNotAfter() {
        LongRequest run = run(fixture.request("tools/call", Map.of("name", "report"), ModernFixture.ALL, false));
        run.send(new JSONRPCNotification("before", null));
        run.fail(ModernErrors.internal("over"));
        run.send(new JSONRPCNotification("after", null));
        assertThat(fixture.channel.methods()).containsExactly("before");
    }

    @Test
    void logMessagesAreForThoseWhoAskForThem() {
        ModernRequest request = fixture.request("tools/call", Map.of("name", "report"), ModernFixture.ALL, false);
        assertThat(run(request).isLoggingAllowed(LoggingLevel.EMERGENCY)).isFalse();
        RequestMeta meta = request.meta();
        LongRequest run = run(new ModernRequest(
                request.id(),
                request.method(),
                request.params(),
                new RequestMeta(meta.version(), meta.capabilities(), meta.info(), LoggingLevel.WARNING, null, false),
                request.owner(),
                request.context(),
                request.channel(),
                request.snapshot(),
                request.view()));
        assertThat(run.isLoggingAllowed(LoggingLevel.NOTICE)).isFalse();
        assertThat(run.isLoggingAllowed(LoggingLevel.WARNING)).isTrue();
        assertThat(run.isLoggingAllowed(LoggingLevel.ERROR)).isTrue();
    }
}
