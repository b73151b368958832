package io.asyncmcp.autoconfigure.tasks;

import static io.asyncmcp.autoconfigure.tasks.TaskWire.call;
import static io.asyncmcp.autoconfigure.tasks.TaskWire.id;
import static io.asyncmcp.autoconfigure.tasks.TaskWire.related;
import static io.asyncmcp.autoconfigure.tasks.TaskWire.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/** What a client of protocol 2025-11-25 that asks for tasks gets, on every kind of server with sessions. */
@ParameterizedClass
@CsvSource({"SERVLET, SYNC", "SERVLET, ASYNC", "REACTIVE, SYNC", "REACTIVE, ASYNC"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TasksIT {

    private static final String UNKNOWN = "a".repeat(26);

    /** So many that a race between the news of an end and the result is found. */
    private static final int ENDS = 300;

    @Parameter(0)
    WebApplicationType web;

    @Parameter(1)
    String type;

    private TestServer server;

    private TaskTools tools;

    private TaskWire client;

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                TaskTools.Config.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.type=" + type,
                "spring.ai.mcp.server.annotation-scanner.enabled=true",
                "async.mcp.cancel-tool.enabled=true",
                "async.mcp.tools.configured.task-support=required",
                "async.mcp.tasks.max-ttl=20m",
                "async.mcp.tasks.poll-interval=500ms",
                "async.mcp.heartbeat-interval=500ms",
                "logging.level.io.modelcontextprotocol=off",
                "logging.level.org.springframework.ai.mcp.server=off");
        tools = server.bean(TaskTools.class);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client = TaskWire.connect(server);
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    // ---- what there is -------------------------------------------------------------------------------------------

    @Test
    void capabilitiesSayWhatStrangersMayDo() {
        JsonNode tasks = client.initialized().path("capabilities").path("tasks");
        assertThat(tasks.toString()).isEqualTo("{\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}");
        assertThat(client.initialized().path("capabilities").has("tools")).isTrue();
    }

    @Test
    void everyToolSaysWhetherItCanBeCalledAsTask() throws Exception {
        Map<String, String> support = new TreeMap<>();
        client.result("tools/list", "{}")
                .path("tools")
                .forEach(tool -> support.put(
                        tool.path("name").asString(),
                        tool.path("execution").path("taskSupport").asString("absent")));
        assertThat(support)
                .containsEntry("held", "optional")
                .containsEntry("only_task", "required")
                .containsEntry("configured", "required")
                .containsEntry("never_task", "forbidden")
                .containsEntry("continue_operation", "forbidden")
                .doesNotContainValue("absent");
        if (type.equals("SYNC")) {
            assertThat(support).containsEntry("plain", "forbidden");
        }
    }

    // ---- from the call to the result -----------------------------------------------------------------------------

    @Test
    void handleComesAtOnceAndIsFound() throws Exception {
        JsonNode created = client.result("tools/call", call("held", "{\"name\": \"a\"}", "{\"ttl\": 600000}"));
        JsonNode task = created.path("task");
        String taskId = task.path("taskId").asString();
        assertThat(task.path("status").asString()).isEqualTo("working");
        assertThat(task.path("ttl").asLong()).isEqualTo(600_000);
        assertThat(task.path("pollInterval").asLong()).isPositive();
        assertThat(Instant.parse(task.path("createdAt").asString())).isBefore(Instant.now());
        assertThat(created.path("_meta")
                        .path("io.modelcontextprotocol/model-immediate-response")
                        .asString())
                .contains("held", taskId);
        assertThat(related(created)).isEmpty();
        JsonNode found = client.result("tasks/get", id(taskId));
        assertThat(found.path("taskId").asString()).isEqualTo(taskId);
        assertThat(related(found)).isEmpty();
        TaskWire.Sent waiting = client.awaitResult(taskId);
        assertThat(client.status(taskId)).isEqualTo("working");
        assertThat(waiting.isAnswered()).isFalse();
        tools.release("a");
        JsonNode result = waiting.response().path("result");
        assertThat(text(result)).isEqualTo("held a");
        assertThat(related(result)).isEqualTo(taskId);
        JsonNode ended = client.result("tasks/get", id(taskId));
        assertThat(ended.path("status").asString()).isEqualTo("completed");
        assertThat(ended.path("lastUpdatedAt").asString())
                .isGreaterThan(task.path("createdAt").asString());
    }

    @Test
    void taskThatEndsAtOnceBeginsAsWorking() throws Exception {
        JsonNode task = client.result("tools/call", call("quick", "{}", "{}")).path("task");
        assertThat(task.path("status").asString()).isEqualTo("working");
        String taskId = task.path("taskId").asString();
        client.awaitStatus(taskId, "completed");
        assertThat(text(client.result("tasks/result", id(taskId)))).isEqualTo("quick");
        assertThat(text(client.result("tasks/result", id(taskId)))).isEqualTo("quick");
    }

    @Test
    void resultIsWhatTheCallWouldHaveReturned() throws Exception {
        JsonNode picture = client.result("tasks/result", id(client.start("picture", "{}")));
        assertThat(picture.path("content").path(0).path("type").asString()).isEqualTo("image");
        assertThat(picture.path("_meta").path("own").asString()).isEqualTo("meta");
        JsonNode typed = client.result("tasks/result", id(client.start("typed", "{\"name\": \"abc\"}")));
        assertThat(typed.path("structuredContent").path("length").asInt()).isEqualTo(3);
    }

    @Test
    void failureOfTheToolIsAFailedTaskWithItsResult() throws Exception {
        String taskId = client.start("broken", "{}");
        client.awaitStatus(taskId, "failed");
        assertThat(client.result("tasks/get", id(taskId)).path("statusMessage").asString())
                .contains("the printer is on fire");
        JsonNode result = client.result("tasks/result", id(taskId));
        assertThat(result.path("isError").asBoolean()).isTrue();
        assertThat(text(result)).contains("the printer is on fire");
        assertThat(related(result)).isEqualTo(taskId);
    }

    // ---- what is told meanwhile ----------------------------------------------------------------------------------

    @Test
    void whoListensHearsOfStatusAndProgress() throws Exception {
        client.answer = null;
        client.listening();
        String taskId = client.start("asks", "{}");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !client.told("notifications/progress", taskId).isEmpty());
        JsonNode progress = client.told("notifications/progress", taskId).get(0);
        assertThat(progress.path("progressToken").asString()).isEqualTo("token-asks");
        assertThat(progress.path("message").asString()).isEqualTo("waiting for an answer");
        client.result("tasks/cancel", id(taskId));
        awaitToldOfCancellation(taskId);
        assertThat(client.told("notifications/tasks/status", taskId)).allSatisfy(status -> {
            assertThat(status.path("taskId").asString()).isEqualTo(taskId);
            assertThat(status.has("createdAt") && status.has("lastUpdatedAt") && status.has("ttl"))
                    .isTrue();
            assertThat(related(status)).isEmpty();
        });
    }

    @Test
    void endIsToldHoweverCloseToTheResult() throws Exception {
        client.listening();
        for (int i = 0; i < ENDS; i++) {
            String taskId = client.start("held", "{\"name\": \"told " + i + "\"}");
            TaskWire.Sent waiting = client.awaitResult(taskId);
            client.result("tasks/cancel", id(taskId));
            waiting.response();
            awaitToldOfCancellation(taskId);
        }
    }

    private void awaitToldOfCancellation(String taskId) {
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> client.told("notifications/tasks/status", taskId).stream()
                        .anyMatch(status -> status.path("status").asString().equals("cancelled")));
    }

    @Test
    void whoWaitsHearsOfProgressOnThatStream() throws Exception {
        String taskId = client.start("asks", "{}");
        client.answer = null;
        TaskWire.Sent waiting = client.awaitResult(taskId);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !client.told("notifications/progress", taskId).isEmpty());
        assertThat(client.told("notifications/progress", taskId))
                .allSatisfy(progress ->
                        assertThat(progress.path("progressToken").asString()).isEqualTo("token-asks"));
        client.answer = "{\"action\": \"decline\"}";
        client.answer(client.questions.get(0).path("id"));
        assertThat(text(waiting.response().path("result"))).isEqualTo("answered: decline");
    }

    // ---- questions -----------------------------------------------------------------------------------------------

    @Test
    void questionIsAskedOnTheStreamThatWaitsForTheResult() throws Exception {
        String taskId = client.start("asks", "{}");
        client.awaitStatus(taskId, "input_required");
        assertThat(client.questions).isEmpty();
        JsonNode result = client.awaitResult(taskId).response().path("result");
        assertThat(text(result)).isEqualTo("answered: accept");
        assertThat(client.questions).hasSize(1);
        JsonNode question = client.questions.get(0);
        assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
        assertThat(question.path("params").path("message").asString()).isEqualTo("May I?");
        assertThat(related(question.path("params"))).isEqualTo(taskId);
        assertThat(client.status(taskId)).isEqualTo("completed");
    }

    /** As the official tasks client does: it looks at the task, listens, and fetches the result when that is there. */
    @Test
    void questionThatNobodyComesForIsAskedOnTheStreamThatListens() throws Exception {
        client.listening();
        String taskId = client.start("asks", "{}");
        client.awaitStatus(taskId, "completed");
        assertThat(client.questions).hasSize(1);
        assertThat(related(client.questions.get(0).path("params"))).isEqualTo(taskId);
        assertThat(text(client.awaitResult(taskId).response().path("result"))).isEqualTo("answered: accept");
        assertThat(client.questions).as("asked once").hasSize(1);
    }

    @Test
    void questionWaitsForAClientThatDoesNotListenYet() throws Exception {
        String taskId = client.start("asks", "{}");
        client.awaitStatus(taskId, "input_required");
        client.listening();
        client.awaitStatus(taskId, "completed");
        assertThat(client.questions).hasSize(1);
    }

    @Test
    void questionThatWasLostWithTheStreamThatListensIsAskedAgain() throws Exception {
        client.answer = null;
        TaskWire.Sent listening = client.listens();
        String taskId = client.start("asks", "{}");
        await().atMost(Duration.ofSeconds(20)).until(() -> client.questions.size() == 1);
        listening.vanish();
        client.answer = "{\"action\": \"decline\"}";
        assertThat(text(client.awaitResult(taskId).response().path("result"))).isEqualTo("answered: decline");
        assertThat(client.questions).hasSize(2);
    }

    @Test
    void olderOfTwoStreamsThatListenHearsOfEverythingWhenTheNewerIsClosed() throws Exception {
        client.listening();
        TaskWire.Sent newer = client.listens();
        newer.awaitBegun();
        newer.vanish();
        String taskId = client.start("asks", "{}");
        client.awaitStatus(taskId, "completed");
        String later = client.start("held", "{\"name\": \"of the older stream\"}");
        client.result("tasks/cancel", id(later));
        awaitToldOfCancellation(later);
    }

    @Test
    void questionThatWasAskedInASessionThatHasEndedIsAskedInAnother() throws Exception {
        String taskId;
        try (TaskWire ending = TaskWire.connect(server)) {
            ending.answer = null;
            ending.listening();
            taskId = ending.start("asks", "{}");
            await().atMost(Duration.ofSeconds(20)).until(() -> ending.questions.size() == 1);
            ending.delete();
            assertThat(text(client.awaitResult(taskId).response().path("result")))
                    .isEqualTo("answered: accept");
        }
        assertThat(client.questions).hasSize(1);
    }

    @Test
    void samplingGoesOutOnTheStreamThatWaitsForTheResult() throws Exception {
        client.answer =
                "{\"role\": \"assistant\", \"content\": {\"type\": \"text\", \"text\": \"Well.\"}, \"model\": \"m\"}";
        String taskId = client.start("samples", "{}");
        assertThat(text(client.awaitResult(taskId).response().path("result"))).isEqualTo("sampled with m");
        JsonNode question = client.questions.get(0);
        assertThat(question.path("method").asString()).isEqualTo("sampling/createMessage");
        assertThat(related(question.path("params"))).isEqualTo(taskId);
    }

    @Test
    void tenThatWaitGetTheResultAndOneIsAsked() throws Exception {
        List<TaskWire> clients = new ArrayList<>();
        List<TaskWire.Sent> waiting = new ArrayList<>();
        try {
            String taskId = client.start("asks", "{}");
            for (int i = 0; i < 10; i++) {
                TaskWire other = TaskWire.connect(server);
                clients.add(other);
                waiting.add(other.awaitResult(taskId));
            }
            assertThat(waiting)
                    .allSatisfy(sent ->
                            assertThat(text(sent.response().path("result"))).isEqualTo("answered: accept"));
            assertThat(clients.stream().flatMap(other -> other.questions.stream()))
                    .hasSize(1);
        } finally {
            clients.forEach(TaskWire::close);
        }
    }

    @Test
    void questionOfAClientThatVanishedIsAskedAgainElsewhere() throws Exception {
        String taskId;
        try (TaskWire vanishing = TaskWire.connect(server)) {
            vanishing.answer = null;
            taskId = vanishing.start("asks", "{}");
            TaskWire.Sent waiting = vanishing.awaitResult(taskId);
            await().atMost(Duration.ofSeconds(10)).until(() -> vanishing.questions.size() == 1);
            waiting.vanish();
        }
        assertThat(text(client.awaitResult(taskId).response().path("result"))).isEqualTo("answered: accept");
        assertThat(client.questions).hasSize(1);
    }

    @Test
    void resultOutlivesTheClientThatWaitedForIt() throws Exception {
        String taskId;
        try (TaskWire vanishing = TaskWire.connect(server)) {
            taskId = vanishing.start("held", "{\"name\": \"outlived\"}");
            vanishing.awaitResult(taskId).vanish();
        }
        assertThat(client.status(taskId)).isEqualTo("working");
        tools.release("outlived");
        assertThat(text(client.result("tasks/result", id(taskId)))).isEqualTo("held outlived");
    }

    @Test
    void taskBelongsToNoSession() throws Exception {
        String taskId;
        try (TaskWire first = TaskWire.connect(server)) {
            taskId = first.start("held", "{\"name\": \"moved\"}");
            first.delete();
        }
        assertThat(client.status(taskId)).isEqualTo("working");
        tools.release("moved");
        assertThat(text(client.result("tasks/result", id(taskId)))).isEqualTo("held moved");
    }

    // ---- cancelling ----------------------------------------------------------------------------------------------

    @Test
    void cancelledTaskStaysCancelled() throws Exception {
        String taskId = client.start("held", "{\"name\": \"cancelled\"}");
        TaskWire.Sent waiting = client.awaitResult(taskId);
        JsonNode cancelled = client.result("tasks/cancel", id(taskId));
        assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
        assertThat(cancelled.path("taskId").asString()).isEqualTo(taskId);
        assertThat(waiting.response().path("result").path("isError").asBoolean())
                .isTrue();
        JsonNode again = client.error("tasks/cancel", id(taskId));
        assertThat(again.path("code").asInt()).isEqualTo(-32602);
        assertThat(again.path("message").asString()).contains("cancelled");
        assertThat(client.status(taskId)).isEqualTo("cancelled");
    }

    @Test
    void endedTaskCannotBeCancelled() throws Exception {
        String taskId = client.start("quick", "{}");
        client.awaitStatus(taskId, "completed");
        assertThat(client.errorCode("tasks/cancel", id(taskId))).isEqualTo(-32602);
        assertThat(client.status(taskId)).isEqualTo("completed");
    }

    // ---- between the faces ---------------------------------------------------------------------------------------

    @Test
    void plainOperationIsATaskToo() throws Exception {
        JsonNode processing =
                client.result("tools/call", "{\"name\": \"held\", \"arguments\": {\"name\": \"crossed\"}}");
        String operationId =
                processing.path("structuredContent").path("operation_id").asString();
        JsonNode task = client.result("tasks/get", id(operationId));
        assertThat(task.path("status").asString()).isEqualTo("working");
        assertThat(task.path("statusMessage").asString()).endsWith("\"half of crossed\"");
        tools.release("crossed");
        assertThat(text(client.result("tasks/result", id(operationId)))).isEqualTo("held crossed");
    }

    @Test
    void taskIsAPlainOperationToo() throws Exception {
        String taskId = client.start("held", "{\"name\": \"back\"}");
        tools.release("back");
        JsonNode result = client.result(
                "tools/call",
                "{\"name\": \"continue_operation\", \"arguments\": {\"operation_id\": \"" + taskId + "\"}}");
        assertThat(text(result)).isEqualTo("held back");
        assertThat(related(result)).isEmpty();
        String other = client.start("held", "{\"name\": \"never\"}");
        client.result(
                "tools/call", "{\"name\": \"cancel_operation\", \"arguments\": {\"operation_id\": \"" + other + "\"}}");
        assertThat(client.status(other)).isEqualTo("cancelled");
    }

    // ---- who may call what how -----------------------------------------------------------------------------------

    @Test
    void toolsAreCalledAsTheyWantToBe() throws Exception {
        assertThat(client.errorCode("tools/call", "{\"name\": \"only_task\", \"arguments\": {}}"))
                .isEqualTo(-32601);
        assertThat(client.errorCode("tools/call", "{\"name\": \"configured\", \"arguments\": {}}"))
                .isEqualTo(-32601);
        assertThat(client.errorCode("tools/call", call("never_task", "{}", "{}")))
                .isEqualTo(-32601);
        assertThat(client.errorCode("tools/call", call("continue_operation", "{}", "{}")))
                .isEqualTo(-32601);
        assertThat(text(client.result("tasks/result", id(client.start("only_task", "{}")))))
                .isEqualTo("as a task");
    }

    @Test
    void clientOfAnEarlierProtocolSeesNothingOfTasks() throws Exception {
        try (TaskWire earlier = TaskWire.connect(server, "", "2025-06-18")) {
            assertThat(earlier.initialized().path("capabilities").has("tasks")).isFalse();
            assertThat(earlier.result("tools/list", "{}").toString()).doesNotContain("taskSupport");
            assertThat(text(earlier.result("tools/call", call("quick", "{}", "{}"))))
                    .isEqualTo("quick");
            assertThat(earlier.errorCode("tasks/get", id(UNKNOWN))).isEqualTo(-32601);
        }
    }

    // ---- bad input -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "7",
                "\"task\"",
                "[]",
                "{\"ttl\": -1}",
                "{\"ttl\": -0.5}",
                "{\"ttl\": \"long\"}",
                "{\"ttl\": {}}",
                "{\"ttl\": true}",
                "{\"ttl\": -1e300}"
            })
    void taskThatMakesNoSenseIsRefused(String task) throws Exception {
        JsonNode error = client.error("tools/call", call("quick", "{}", task));
        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("message").asString()).contains("task");
    }

    @Test
    void nullIsNothing() throws Exception {
        assertThat(text(client.result("tools/call", call("quick", "{}", "null"))))
                .isEqualTo("quick");
        JsonNode task = client.result("tools/call", call("quick", "{}", "{\"ttl\": null}"))
                .path("task");
        assertThat(task.path("ttl").asLong()).isEqualTo(900_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.5", "1500.5", "1", "299999"})
    void smallTtlIsRaisedToWhatIsKeptAnyway(String ttl) throws Exception {
        JsonNode task = client.result("tools/call", call("quick", "{}", "{\"ttl\": " + ttl + "}"))
                .path("task");
        assertThat(task.path("ttl").asLong()).isBetween(300_000L, 302_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e300", "9223372036854775807", "123456789012345678901234567890", "1200001"})
    void largeTtlIsCutToTheLimit(String ttl) throws Exception {
        JsonNode task = client.result("tools/call", call("quick", "{}", "{\"ttl\": " + ttl + "}"))
                .path("task");
        assertThat(task.path("ttl").asLong()).isEqualTo(1_200_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"taskId\": null}",
                "{\"taskId\": 7}",
                "{\"taskId\": []}",
                "{\"taskId\": {\"a\": 1}}",
                "{\"taskId\": \"\"}",
                "{\"taskId\": \"x\"}",
                "{\"taskId\": \"aaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
                "{\"id\": \"aaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
                "null",
                "[]",
                "\"text\""
            })
    void requestsForNoTaskAreRefused(String params) throws Exception {
        for (String method : List.of("tasks/get", "tasks/result", "tasks/cancel")) {
            assertThat(client.errorCode(method, params)).as(method).isEqualTo(-32602);
        }
    }

    @Test
    void relatedTaskInTheRequestIsIgnored() throws Exception {
        String taskId = client.start("quick", "{}");
        JsonNode found = client.result(
                "tasks/get",
                "{\"taskId\": \"" + taskId + "\", \"_meta\": {\"" + TaskWire.RELATED_TASK + "\": {\"taskId\": \""
                        + UNKNOWN + "\"}}}");
        assertThat(found.path("taskId").asString()).isEqualTo(taskId);
    }

    @Test
    void listIsNotThereForStrangers() throws Exception {
        assertThat(client.errorCode("tasks/list", "{}")).isEqualTo(-32601);
    }

    @Test
    void argumentsThatDoNotFitAreAnError() throws Exception {
        assertThat(client.errorCode("tools/call", call("held", "{}", "{}"))).isEqualTo(-32602);
        // It supports no tasks either.
        assertThat(client.errorCode("tools/call", call("no_such_tool", "{}", "{}")))
                .isEqualTo(-32601);
    }
}
