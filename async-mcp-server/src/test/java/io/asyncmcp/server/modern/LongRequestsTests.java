package io.asyncmcp.server.modern;

import static io.asyncmcp.server.modern.AskingTools.answer;
import static io.asyncmcp.server.modern.AskingTools.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.TaskSupport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Requests that come back with answers. */
class LongRequestsTests {

    private static final Duration GATHERING = Duration.ofMillis(30);

    private final ModernFixture fixture = new ModernFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private CompletableFuture<Object> call(Map<String, Object> params, boolean tasks) {
        CompletableFuture<Object> result = fixture.runs
                .start(fixture.request("tools/call", params, ModernFixture.ALL, tasks), fixture.server)
                .toCompletableFuture();
        fixture.settle();
        return result;
    }

    private CompletableFuture<Object> call() {
        return call(Map.of("name", "report", "arguments", Map.of("a", 1)), false);
    }

    private CompletableFuture<Object> callAgain(@Nullable Object state, @Nullable Object answers) {
        Map<String, Object> params = new HashMap<>(Map.of("name", "report", "arguments", Map.of("a", 1)));
        params.put("requestState", state);
        params.put("inputResponses", answers);
        return call(params, false);
    }

    private static Map<?, ?> result(CompletableFuture<Object> stage) {
        assertThat(stage).isCompleted();
        return (Map<?, ?>) stage.join();
    }

    private String asked(CompletableFuture<Object> stage, String... keys) {
        fixture.advance(GATHERING);
        assertThat(result(stage).get("resultType")).isEqualTo("input_required");
        assertThat(((Map<?, ?>) result(stage).get("inputRequests")).keySet())
                .map(String::valueOf)
                .containsExactly(keys);
        return result(stage).get("requestState").toString();
    }

    private McpError refusal(@Nullable Object state, @Nullable Object answers) {
        McpError[] late = new McpError[1];
        McpError thrown = catchThrowableOfType(
                McpError.class,
                () -> callAgain(state, answers)
                        .whenComplete((result, error) -> late[0] =
                                (McpError) (error instanceof CompletionException ? error.getCause() : error)));
        McpError error = thrown == null ? late[0] : thrown;
        assertThat(error).as("refused").isNotNull();
        assertThat(error.getJsonRpcError().code()).isEqualTo(ErrorCodes.INVALID_PARAMS);
        return error;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void comesBackWithTheAnswer(boolean plain) {
        new AskingTools(fixture, plain).asks("name");
        String state = asked(call(), "name");
        CompletableFuture<Object> result = callAgain(state, Map.of("name", answer("Ada"), "other", "ignored"));
        assertThat(result(result).get("resultType")).isEqualTo("complete");
        assertThat(result(result).get("content").toString()).contains("name=Ada");
        assertThat(fixture.server.requests).as("the handler is called once").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsStillOpenIsAskedAgain(boolean plain) {
        new AskingTools(fixture, plain).asks("one", "two");
        String state = asked(call(), "one", "two");
        String next = asked(callAgain(state, Map.of("two", answer("b"))), "one");
        asked(callAgain(state, null), "one");
        CompletableFuture<Object> result = callAgain(next, Map.of("one", answer("a")));
        assertThat(result(result).get("content").toString()).contains("name=a", "name=b");
    }

    @Test
    void answersGoToTheQuestionsAllOrNone() {
        AskingTools tool = new AskingTools(fixture, false).asks("one", "two");
        String state = asked(call(), "one", "two");
        McpError error = refusal(state, Map.of("one", answer("a"), "two", Map.of("action", "perhaps")));
        assertThat(error.getJsonRpcError().message())
                .isEqualTo("inputResponses[\"two\"] does not fit the question. action must be accept, decline or"
                        + " cancel.");
        assertThat(fixture.operations
                        .executor()
                        .find(tool.context.operationId(), null)
                        .pendingInputs())
                .hasSize(2);
        asked(callAgain(state, Map.of()), "one", "two");
    }

    @Test
    void answersMustBeAnObject() {
        new AskingTools(fixture, false).asks("name");
        String state = asked(call(), "name");
        for (Object wrong : List.of("answer", List.of(answer("Ada")), 5)) {
            assertThat(refusal(state, wrong).getJsonRpcError().message())
                    .startsWith("inputResponses must be an object");
            assertThat(refusal(null, wrong).getJsonRpcError().message()).startsWith("inputResponses must be an object");
        }
    }

    @Test
    void stateMustBeOurs() {
        new AskingTools(fixture, false).asks("name");
        String state = asked(call(), "name");
        for (Object wrong : Arrays.asList("", "garbage", state + "A", state.substring(1))) {
            assertThat(refusal(wrong, Map.of("name", answer("Ada"))).getJsonRpcError())
                    .isEqualTo(((McpError) RequestStates.invalid()).getJsonRpcError());
        }
        assertThat(refusal(5, Map.of()).getJsonRpcError().message()).isEqualTo("requestState must be a text.");
        assertThat(catchThrowableOfType(
                                McpError.class, () -> call(Map.of("name", "report", "requestState", state), false))
                        .getJsonRpcError())
                .as("with other arguments")
                .isEqualTo(((McpError) RequestStates.invalid()).getJsonRpcError());
    }

    @Test
    void stateOfWhatIsNoLongerKeptIsRefusedLikeAnyOther() {
        AskingTools tool = new AskingTools(fixture, false).asks("name");
        String state = asked(call(), "name");
        fixture.operations.executor().cancel(tool.context.operationId(), null);
        fixture.settle();
        fixture.clock.advance(Duration.ofMinutes(6));
        fixture.operations.executor().cleanup();
        assertThat(refusal(state, Map.of("name", answer("Ada"))).getJsonRpcError())
                .isEqualTo(((McpError) RequestStates.invalid()).getJsonRpcError());
    }

    /** A client may not have got the answer to its answer. */
    @Test
    void whatHasEndedMeanwhileIsThere() {
        new AskingTools(fixture, false).asks("name");
        String state = asked(call(), "name");
        callAgain(state, Map.of("name", answer("Ada")));
        CompletableFuture<Object> again = callAgain(state, Map.of("name", answer("Bob")));
        assertThat(result(again).get("content").toString()).contains("name=Ada");
    }

    @Test
    void whoeverCameBackEndsItByGoing() {
        AskingTools tool = new AskingTools(fixture, false).asks("name");
        String state = asked(call(), "name");
        CompletableFuture<Object> again = callAgain(state, Map.of());
        fixture.channel.lose();
        fixture.advance(GATHERING);
        assertThat(again).isNotDone();
        assertThat(fixture.operations
                        .executor()
                        .find(tool.context.operationId(), null)
                        .status())
                .isEqualTo(OperationStatus.CANCELLED);
    }

    @Test
    void handlersSeeNothingOfTheProtocol() {
        new AskingTools(fixture, false).does(detached -> text("42", false));
        call(Map.of("name", "report", "inputResponses", Map.of(), "task", Map.of("ttl", 1)), false);
        assertThat(fixture.server.requests.get(0).params()).isEqualTo(Map.of("name", "report"));
    }

    @Test
    void serverDecidesWhatBecomesATask() {
        for (TaskSupport support : TaskSupport.values()) {
            fixture.settings =
                    Map.of("report", new AsyncToolSettings(null, null, false, 0, support, null, null, null, null));
            new AskingTools(fixture, false).does(detached -> Mono.never());
            CompletableFuture<Object> result = call(Map.of("name", "report"), true);
            fixture.advance(ModernFixture.INLINE_WAIT);
            assertThat(result.isDone()).as("%s", support).isEqualTo(support != TaskSupport.FORBIDDEN);
        }
    }

    @Test
    void toolThatIsATaskOrNothingNeedsAClientThatCanHandleTasks() {
        fixture.settings = Map.of(
                "report", new AsyncToolSettings(null, null, false, 0, TaskSupport.REQUIRED, null, null, null, null));
        new AskingTools(fixture, false).does(detached -> text("42", false));
        assertThat(catchThrowableOfType(McpError.class, this::call).getJsonRpcError())
                .isEqualTo(ModernErrors.missingTasks().getJsonRpcError());
        assertThat(fixture.server.requests).isEmpty();
    }

    @Test
    void whatIsNotAsynchronousIsWaitedForAndNeverATask() {
        fixture.settings = Map.of();
        AskingTools tool = new AskingTools(fixture, true).does(detached -> Mono.never());
        CompletableFuture<Object> result = call(Map.of("name", "report"), true);
        fixture.advance(Duration.ofMinutes(9));
        assertThat(result).isNotDone();
        fixture.advance(Duration.ofMinutes(1));
        assertThat(result(result).get("isError")).isEqualTo(true);
        assertThat(fixture.plain
                        .executor()
                        .find(tool.context.operationId(), null)
                        .status())
                .isEqualTo(OperationStatus.FAILED);
    }
}
