package io.asyncmcp.server.modern;

import static io.asyncmcp.server.modern.AskingTools.answer;
import static io.asyncmcp.server.modern.AskingTools.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What is left of a request once it is over, and what its end means for others. */
class LongRequestEndsTests {

    private static final Duration GATHERING = Duration.ofMillis(30);

    private final ModernFixture fixture = new ModernFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private CompletableFuture<Object> call(
            Map<String, Object> more, boolean tasks, ClientCapabilities capabilities, TestChannel channel) {
        Map<String, Object> params = new HashMap<>(Map.of("name", "report", "arguments", Map.of("a", 1)));
        params.putAll(more);
        CompletableFuture<Object> result = fixture.runs
                .start(fixture.request("tools/call", params, capabilities, tasks, channel), fixture.server)
                .toCompletableFuture();
        settle(channel);
        return result;
    }

    private CompletableFuture<Object> call() {
        return call(Map.of(), false, ModernFixture.ALL, fixture.channel);
    }

    private void settle(TestChannel channel) {
        fixture.settle();
        channel.delivery.runAll();
        fixture.settle();
    }

    private String state(CompletableFuture<Object> asked) {
        fixture.advance(GATHERING);
        settle(fixture.channel);
        assertThat(asked).isCompleted();
        return String.valueOf(((Map<?, ?>) asked.join()).get("requestState"));
    }

    private OperationStatus status(String id) {
        return fixture.operations.executor().find(id, null).status();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callThatIsDoneInTimeLeavesNothing(boolean plain) {
        new AskingTools(fixture, plain).does(detached -> text("done", false));

        assertThat(call()).isCompleted();

        assertThat(fixture.operations.executor().statistics().retained()).isZero();
        assertThat(fixture.plain.executor().statistics().retained()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestsThatEndedWithAQuestionWaitNoMore(boolean plain) {
        new AskingTools(fixture, plain).asks("one", "two");
        String state = state(call());

        for (int i = 0; i < 5; i++) {
            CompletableFuture<Object> again =
                    call(Map.of("requestState", state), false, ModernFixture.ALL, fixture.channel);
            state(again);
        }

        NamedExecutor engine = plain ? fixture.plain : fixture.operations;
        assertThat(engine.executor().statistics().waiting()).isZero();
    }

    @Test
    void lossOfOneRetryLeavesTheWorkToTheOther() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        AskingTools tool = new AskingTools(fixture, false)
                .does(detached -> Mono.fromCompletionStage(
                                detached.context().requestInput("one", "elicitation/create", AskingTools.FORM))
                        .flatMap(answer -> Mono.fromFuture(work)));
        Map<String, Object> retry =
                Map.of("requestState", state(call()), "inputResponses", Map.of("one", answer("Ada")));
        TestChannel first = new TestChannel();
        TestChannel second = new TestChannel();
        call(retry, false, ModernFixture.ALL, first);
        CompletableFuture<Object> alive = call(retry, false, ModernFixture.ALL, second);

        first.lose();
        settle(second);
        assertThat(alive).isNotDone();
        assertThat(status(tool.context.operationId())).isEqualTo(OperationStatus.WORKING);

        second.lose();
        settle(second);
        assertThat(status(tool.context.operationId())).isEqualTo(OperationStatus.CANCELLED);
        assertThat(alive).isNotDone();
    }

    @Test
    void clientThatComesBackAndCannotBeAskedAnyMoreIsTold() {
        AskingTools tool = new AskingTools(fixture, false);
        tool.asks("one");
        String state = state(call());
        TestChannel channel = new TestChannel();
        CompletableFuture<Object> again = call(Map.of("requestState", state), false, ModernFixture.NONE, channel);

        fixture.advance(Duration.ofSeconds(16));
        settle(channel);

        assertThatThrownBy(again::join)
                .cause()
                .isInstanceOfSatisfying(
                        McpError.class,
                        error -> assertThat(error.getJsonRpcError().code()).isEqualTo(-32021));
        assertThat(status(tool.context.operationId())).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }

    @Test
    void clientThatCannotAnswerEndsNothingThatItOnlyJoined() {
        List<String> ids = new ArrayList<>();
        fixture.server.handler = (request, context) -> {
            LongRequest run = LongRequest.of(context);
            ExecuteOptions options = ExecuteOptions.ofType("report")
                    .withOwner(ModernFixture.ALICE)
                    .withTimeout(run.waitFor(Duration.ofSeconds(15)))
                    .withSingleFlightKey("key");
            run.runs(fixture.operations
                    .calls()
                    .run(
                            options,
                            detached -> {
                                ids.add(detached.context().operationId());
                                return Mono.fromCompletionStage(
                                        detached.context().requestInput("one", "elicitation/create", AskingTools.FORM));
                            },
                            run.toolCall(new CallToolRequest("report", Map.of(), null))));
            return JSONRPCResponse.result(request.id(), Map.of());
        };
        state(call());
        TestChannel other = new TestChannel();
        CompletableFuture<Object> joined = call(Map.of(), false, ModernFixture.NONE, other);

        fixture.advance(Duration.ofSeconds(16));
        settle(other);

        assertThat(ids).hasSize(1);
        assertThat(joined).isCompleted();
        assertThat(status(ids.get(0))).isEqualTo(OperationStatus.INPUT_REQUIRED);
    }

    @Test
    void nestedCallOfAnAsynchronousToolOutlivesTheRequest() {
        CompletableFuture<Object> inner = new CompletableFuture<>();
        List<CallToolResult> nested = new ArrayList<>();
        new AskingTools(fixture, false).does(detached -> {
            CompletableFuture<CallToolResult> result = fixture.operations
                    .calls()
                    .call(
                            Tool.builder("other", Map.of("type", "object")).build(),
                            other -> Mono.fromFuture(inner),
                            ToolCall.of(detached.exchange(), new CallToolRequest("other", Map.of(), null)))
                    .toCompletableFuture();
            result.thenAccept(nested::add);
            return Mono.fromFuture(result);
        });
        fixture.settings = Map.of("report", AsyncToolSettings.DEFAULTS);
        CompletableFuture<Object> outer = call(Map.of(), true, ModernFixture.ALL, fixture.channel);
        fixture.advance(Duration.ofSeconds(3));
        settle(fixture.channel);
        assertThat(((Map<?, ?>) outer.join()).get("resultType")).isEqualTo("task");
        assertThat(nested).isEmpty();

        inner.complete(text("nested", false));
        settle(fixture.channel);

        assertThat(nested)
                .singleElement()
                .satisfies(result -> assertThat(result.content().toString()).contains("nested"));
    }
}
