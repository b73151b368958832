package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.InputRequest;
import io.asyncmcp.InputResponse;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Progress;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.server.answer.Answers;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ElicitUrlRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.MapAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModernTaskViewTests {

    private static final String ID = "3k7f2m4q6t5v2xbzacdghjnprs";

    private static final ClientCapabilities NONE = ClientCapabilities.builder().build();

    private final MutableClock clock = new MutableClock();

    private final ModernTaskView view = new ModernTaskView(
            new Answers("continue_operation", "test"),
            Duration.ofMinutes(5),
            tool -> tool.equals("slow") ? Duration.ofMillis(2500) : Duration.ofSeconds(1),
            clock);

    /** What the operation is made of; tests change what they are about. */
    private String type = "report";

    private @Nullable Duration ttl;

    private @Nullable Progress progress;

    private List<InputRequest> inputs = List.of();

    private @Nullable Object result;

    private boolean dropped;

    private @Nullable OperationFailure failure;

    private final Instant updated = MutableClock.START.plusMillis(1500).plusNanos(7);

    @BeforeEach
    void timePasses() {
        clock.advance(Duration.ofSeconds(10));
    }

    private Operation operation(OperationStatus status) {
        return new Operation(
                ID,
                type,
                OperationOwner.APPLICATION,
                status,
                MutableClock.START,
                updated,
                status.isTerminal() ? updated : null,
                ttl,
                progress,
                inputs,
                result,
                dropped,
                failure);
    }

    private Map<String, Object> detailed(OperationStatus status) {
        return view.detailed(operation(status), NONE);
    }

    private static MapAssert<String, Object> assertTask(Map<String, Object> task, String status) {
        return assertThat(task)
                .containsEntry("taskId", ID)
                .containsEntry("status", status)
                .containsEntry("createdAt", "2026-01-01T00:00:00Z")
                .containsEntry("lastUpdatedAt", "2026-01-01T00:00:01.500Z")
                .containsKeys("ttlMs", "pollIntervalMs");
    }

    private static CallToolResult text(String text, boolean error) {
        return new CallToolResult(List.of(TextContent.builder(text).build()), error, null, null);
    }

    private static InputRequest question(String key, String method, @Nullable Object params) {
        return new InputRequest(key, method, params, false, null);
    }

    @Test
    void working() {
        progress = new Progress(1, 2.0, "half way");
        assertTask(detailed(OperationStatus.WORKING), "working")
                .containsEntry("statusMessage", "1 of 2, \"half way\"")
                .containsOnlyKeys(
                        "taskId", "status", "statusMessage", "createdAt", "lastUpdatedAt", "ttlMs", "pollIntervalMs");
    }

    @Test
    void workingWithoutAWord() {
        assertTask(detailed(OperationStatus.WORKING), "working").doesNotContainKey("statusMessage");
    }

    @Test
    void queuedIsWorking() {
        assertTask(detailed(OperationStatus.QUEUED), "working")
                .containsEntry("statusMessage", "Waiting for its turn.")
                .doesNotContainKeys("result", "error", "inputRequests");
    }

    @Test
    void inputRequiredShowsTheQuestionsThatTheClientCanAnswer() {
        Map<String, Object> form = Map.of("message", "Who?", "requestedSchema", Map.of("type", "object"));
        inputs = List.of(
                question("name", "elicitation/create", form),
                question("link", "elicitation/create", new ElicitUrlRequest("Go", "https://a.example", "1", null)),
                question("poem", "sampling/createMessage", Map.of("maxTokens", 1)),
                question("where", "roots/list", null),
                question("other", "own/method", null),
                new InputRequest("before", "elicitation/create", form, true, InputResponse.of("done")),
                new InputRequest("asked", "elicitation/create", form, true, null));
        Operation asking = operation(OperationStatus.INPUT_REQUIRED);

        ClientCapabilities forms = ClientCapabilities.builder().elicitation().build();
        assertTask(view.detailed(asking, forms), "input_required")
                .containsEntry(
                        "inputRequests",
                        Map.of(
                                "name", Map.of("method", "elicitation/create", "params", form),
                                "asked", Map.of("method", "elicitation/create", "params", form)))
                .hasEntrySatisfying(
                        "statusMessage",
                        text -> assertThat(String.valueOf(text)).contains("tasks/update"));
        ClientCapabilities everythingElse = ClientCapabilities.builder()
                .elicitation(false, true)
                .sampling()
                .roots(false)
                .build();
        assertThat(view.detailed(asking, everythingElse).get("inputRequests"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("link", "poem", "where")
                .containsEntry("where", Map.of("method", "roots/list"));
        assertTask(view.detailed(asking, NONE), "input_required")
                .containsEntry("inputRequests", Map.of())
                .hasEntrySatisfying(
                        "statusMessage",
                        text -> assertThat(String.valueOf(text)).doesNotContain("tasks/update"));
    }

    @Test
    void completedBringsItsResult() {
        result = text("42", false);
        assertTask(detailed(OperationStatus.COMPLETED), "completed")
                .containsEntry(
                        "result",
                        Map.of(
                                "resultType",
                                "complete",
                                "content",
                                List.of(Map.of("type", "text", "text", "42")),
                                "isError",
                                false))
                .doesNotContainKeys("error", "statusMessage");
    }

    @Test
    void errorOfTheToolsOwnIsAResult() {
        result = text("no such city", true);
        failure = new OperationFailure(Reason.ERROR_RESULT, "the result reports an error", null);
        assertTask(detailed(OperationStatus.FAILED), "completed")
                .containsEntry(
                        "result",
                        Map.of(
                                "resultType",
                                "complete",
                                "content",
                                List.of(Map.of("type", "text", "text", "no such city")),
                                "isError",
                                true))
                .containsEntry("statusMessage", "no such city")
                .doesNotContainKey("error");
    }

    @Test
    void exceptionIsAResultToo() {
        failure = new OperationFailure(Reason.EXCEPTION, "no such city", new IllegalArgumentException("no such city"));
        Map<String, Object> task = detailed(OperationStatus.FAILED);
        assertTask(task, "completed").doesNotContainKey("error");
        assertThat(task.get("result").toString())
                .contains("isError=true", "report failed: no such city")
                .doesNotContain("IllegalArgument");
    }

    @Test
    void errorOfTheProtocolIsNone() {
        failure = new OperationFailure(
                Reason.EXCEPTION,
                "gone",
                McpError.builder(-32002)
                        .message("gone")
                        .data(Map.of("uri", "a:b"))
                        .build());
        assertTask(detailed(OperationStatus.FAILED), "failed")
                .containsEntry("error", Map.of("code", -32602, "message", "gone", "data", Map.of("uri", "a:b")))
                .doesNotContainKey("result");
    }

    @ParameterizedTest
    @EnumSource(names = {"LIFETIME_EXCEEDED", "NOT_STARTED"})
    void whatTheServerBrokeOffHasFailed(Reason reason) {
        failure = new OperationFailure(reason, "it took longer than PT10M", null);
        assertTask(detailed(OperationStatus.FAILED), "failed")
                .containsEntry("error", Map.of("code", -32603, "message", "report failed: it took longer than PT10M"))
                .doesNotContainKey("result");
    }

    @Test
    void cancelled() {
        assertTask(detailed(OperationStatus.CANCELLED), "cancelled")
                .containsEntry("statusMessage", "Cancelled.")
                .doesNotContainKeys("result", "error", "inputRequests");
    }

    @Test
    void droppedResultIsAResultThatSaysSo() {
        dropped = true;
        Map<String, Object> task = detailed(OperationStatus.COMPLETED);
        assertTask(task, "completed").containsEntry("statusMessage", "The result was dropped to make room for others.");
        assertThat(task.get("result").toString()).contains("isError=true", "its result was dropped");
    }

    @Test
    void everyTimeIsAWholeNumber() {
        assertThat(detailed(OperationStatus.WORKING))
                .containsEntry("ttlMs", 310_000L)
                .containsEntry("pollIntervalMs", 1000L);
        assertThat(detailed(OperationStatus.CANCELLED)).containsEntry("ttlMs", 301_500L);
        ttl = Duration.ofMinutes(15).plusNanos(1);
        assertThat(detailed(OperationStatus.WORKING)).containsEntry("ttlMs", 900_000L);
    }

    @Test
    void toolsHaveTheirOwnPollInterval() {
        type = "slow";
        assertThat(detailed(OperationStatus.WORKING)).containsEntry("pollIntervalMs", 2500L);
        assertThat(view.created(operation(OperationStatus.WORKING))).containsEntry("pollIntervalMs", 2500L);
    }

    @Test
    void callThatBecomesATask() {
        assertTask(view.created(operation(OperationStatus.WORKING)), "working").containsEntry("resultType", "task");
        inputs = List.of(question("name", "elicitation/create", Map.of()));
        assertTask(view.created(operation(OperationStatus.INPUT_REQUIRED)), "input_required")
                .doesNotContainKey("inputRequests");
    }
}
