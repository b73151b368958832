package io.asyncmcp.autoconfigure.modern;

import static io.asyncmcp.autoconfigure.modern.ModernWire.accept;
import static io.asyncmcp.autoconfigure.modern.ModernWire.answers;
import static io.asyncmcp.autoconfigure.modern.ModernWire.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.PlainWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
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

/** What a client of protocol 2026-07-28 gets, on every kind of server with sessions. */
@ParameterizedClass
@CsvSource({"SERVLET, true", "SERVLET, false", "REACTIVE, true", "REACTIVE, false"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModernIT {

    private static final String UNKNOWN = "a".repeat(26);

    @Parameter(0)
    WebApplicationType web;

    @Parameter(1)
    boolean sync;

    private TestServer server;

    private ModernTools tools;

    /** Declares everything but the Tasks extension. */
    private ModernWire client;

    /** Declares everything. */
    private ModernWire taskClient;

    @BeforeParameterizedClassInvocation
    void start() {
        List<String> properties = new ArrayList<>(List.of(
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.type=" + (sync ? "SYNC" : "ASYNC"),
                "spring.ai.mcp.server.annotation-scanner.enabled=true",
                "spring.ai.mcp.server.instructions=Be kind.",
                // What people take to answer is not for the SDK to limit.
                "spring.ai.mcp.server.request-timeout=1s",
                "async.mcp.cancel-tool.enabled=true",
                "async.mcp.tasks.inline-wait=300ms",
                "async.mcp.tools.held_long.task-ttl=20m",
                "async.mcp.tools.held_long.poll-interval=700ms",
                "async.mcp.heartbeat-interval=1s",
                "logging.level.io.modelcontextprotocol=off",
                "logging.level.org.springframework.ai.mcp.server=off"));
        if (web == WebApplicationType.SERVLET) {
            properties.add("server.tomcat.threads.max=4");
        }
        server = TestServer.start(
                web,
                sync ? ModernTools.SyncConfig.class : ModernTools.AsyncConfig.class,
                properties.toArray(String[]::new));
        tools = server.bean(ModernTools.class);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @BeforeEach
    void connect() {
        client = new ModernWire(server, ModernWire.ANSWERS);
        taskClient = new ModernWire(server, ModernWire.EVERYTHING);
    }

    @AfterEach
    void disconnect() {
        client.close();
        taskClient.close();
        AsyncExecutor executor = server.bean(AsyncExecutor.class);
        executor.operations(OperationQuery.ALL.withLimit(1000)).stream()
                .filter(operation -> !operation.status().isTerminal())
                .forEach(operation -> executor.cancel(operation.requireId(), null));
    }

    private static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(item -> item.path("name").asString(""))
                .toList();
    }

    // ---- the wire ------------------------------------------------------------------------------------------------

    @Test
    void serverDescribesItself() {
        JsonNode result = client.send("server/discover", Map.of()).result();

        assertThat(result.path("resultType").asString()).isEqualTo("complete");
        assertThat(result.path("supportedVersions").path(0).asString()).isEqualTo("2026-07-28");
        assertThat(result.path("supportedVersions").toString()).contains("2025-11-25");
        assertThat(result.path("capabilities").path("extensions").toString())
                .isEqualTo("{\"io.modelcontextprotocol/tasks\":{}}");
        assertThat(result.path("capabilities").has("tools")).isTrue();
        assertThat(result.path("capabilities").has("tasks")).isFalse();
        assertThat(result.path("instructions").asString()).isEqualTo("Be kind.");
        assertThat(result.path("ttlMs").asInt()).isEqualTo(60_000);
        assertThat(result.path("cacheScope").asString()).isEqualTo("private");
    }

    @Test
    void everythingTheApplicationHasIsListed() {
        JsonNode listed = client.send("tools/list", Map.of()).result();

        assertThat(names(listed.path("tools")))
                .contains("plain_ask", "held_long", "asks_two", "continue_operation", "cancel_operation");
        assertThat(listed.toString()).doesNotContain("taskSupport");
        assertThat(listed.path("ttlMs").isInt()).isTrue();
        assertThat(names(client.send("prompts/list", Map.of()).result().path("prompts")))
                .containsExactly("ask_prompt");
        assertThat(names(client.send("resources/list", Map.of()).result().path("resources")))
                .containsExactly("ask_resource");
    }

    @Test
    void quickAnswersComeInOnePieceAndLongOnesShowSignsOfLife() {
        assertThat(client.send("tools/list", Map.of()).isStream()).isFalse();

        ModernWire.Sent held = client.call("plain_hold", Map.of("name", "signs"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(held.comments.get()).isGreaterThan(1));
        tools.release("signs");

        assertThat(text(held.result())).isEqualTo("released signs");
        assertThat(held.isStream()).isTrue();
        assertThat(held.head.join().headers().firstValue("X-Accel-Buffering")).hasValue("no");
    }

    @Test
    void progressAndLogsComeOnlyToThoseWhoAskForThem() {
        ModernWire.Sent silent = client.call("plain_talk", Map.of());
        assertThat(text(silent.result())).isEqualTo("talked");
        assertThat(silent.notifications).isEmpty();

        ModernWire.Sent followed = client.send(
                "tools/call",
                Map.of("name", "plain_talk", "arguments", Map.of()),
                Map.of("progressToken", "mine", "io.modelcontextprotocol/logLevel", "info"));
        assertThat(text(followed.result())).isEqualTo("talked");
        assertThat(followed.told("notifications/progress")).singleElement().satisfies(progress -> {
            assertThat(progress.path("progressToken").asString()).isEqualTo("mine");
            assertThat(progress.path("message").asString()).isEqualTo("half");
        });
        assertThat(followed.told("notifications/message"))
                .singleElement()
                .satisfies(log -> assertThat(log.path("data").asString()).isEqualTo("talking"));
    }

    @Test
    void noThreadOfTheServerIsHeldByThoseWhoWait() {
        List<ModernWire.Sent> held = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            held.add(client.call("plain_hold", Map.of("name", "crowd")));
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(server.bean(PlainWork.class).active()).isGreaterThanOrEqualTo(24));

        assertThat(client.send("tools/list", Map.of()).status()).isEqualTo(200);
        tools.release("crowd");
        assertThat(held).allSatisfy(sent -> assertThat(text(sent.result())).isEqualTo("released crowd"));
    }

    @Test
    void clientThatGoesCancelsItsRequest() {
        ModernWire.Sent plain = client.call("plain_hold", Map.of("name", "gone plain"));
        ModernWire.Sent asynchronous = client.call("held_long", Map.of("name", "gone asynchronous"));
        await().untilAsserted(() -> assertThat(tools.ends).containsKeys("gone plain", "gone asynchronous"));
        assertThat(asynchronous
                        .result()
                        .path("structuredContent")
                        .path("status")
                        .asString())
                .as("this one has got its handle before it goes")
                .isEqualTo("processing");

        plain.vanish();
        asynchronous.vanish();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(tools.ends.get("gone plain")).isEqualTo("interrupted"));
        assertThat(tools.ends.get("gone asynchronous")).isEqualTo("running");
    }

    @Test
    void clientThatGoesBeforeItHasAHandleCancelsTheOperation() {
        // Long enough for the response to become a stream, so that the loss is noticed.
        ModernWire.Sent sent = client.call("asks_late", Map.of("name", "gone before"));
        await().untilAsserted(() -> assertThat(tools.ends).containsKey("gone before"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sent.comments.get()).isPositive());

        sent.vanish();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(tools.ends.get("gone before")).isEqualTo("interrupted"));
    }

    // ---- multi round-trip requests -------------------------------------------------------------------------------

    @Test
    void questionEndsTheRequestAndTheAnswerTakesUpTheSameRun() throws Exception {
        int starts = tools.starts.get();
        Map<String, Object> call = Map.of("name", "plain_ask", "arguments", Map.of());
        JsonNode asked = client.send("tools/call", call).result();

        assertThat(asked.path("inputRequests").size()).isEqualTo(1);
        JsonNode question = asked.path("inputRequests").iterator().next();
        assertThat(question.path("method").asString()).isEqualTo("elicitation/create");
        assertThat(question.path("params").path("message").asString()).isEqualTo("Who?");
        assertThat(asked.has("content")).isFalse();
        assertThat(asked.has("ttlMs")).isFalse();
        // Longer than the SDK lets a client take.
        Thread.sleep(1500);
        JsonNode result = client.retry("tools/call", call, asked, answers(asked, accept("name", "Ada")))
                .result();

        assertThat(text(result)).isEqualTo("Hello Ada, start " + (starts + 1));
        assertThat(tools.starts.get()).isEqualTo(starts + 1);
    }

    @Test
    void oneQuestionAfterTheOther() {
        Map<String, Object> call = Map.of("name", "plain_ask_twice", "arguments", Map.of());
        JsonNode first = client.send("tools/call", call).result();
        JsonNode second = client.retry("tools/call", call, first, answers(first, accept("name", "A")))
                .result();
        assertThat(second.path("requestState").asString())
                .isNotEqualTo(first.path("requestState").asString());
        assertThat(second.path("inputRequests").propertyNames())
                .doesNotContainAnyElementsOf(first.path("inputRequests").propertyNames());

        assertThat(text(client.retry("tools/call", call, second, answers(second, accept("name", "B")))
                        .result()))
                .isEqualTo("A and B");
    }

    @ParameterizedTest
    @CsvSource({"prompts/get, name, ask_prompt, For Ada", "resources/read, uri, test://ask, Of Ada"})
    void promptsAndResourcesAskToo(String method, String param, String name, String expected) {
        Map<String, Object> params = Map.of(param, name);
        JsonNode asked = client.send(method, params).result();

        JsonNode result = client.retry(method, params, asked, answers(asked, accept("name", "Ada")))
                .result();

        assertThat(result.toString()).contains(expected);
        assertThat(result.path("resultType").asString()).isEqualTo("complete");
    }

    @Test
    void questionsOfOneMomentComeTogetherAndMissingAnswersAreAskedForAgain() {
        Map<String, Object> call = Map.of("name", "asks_two", "arguments", Map.of());
        JsonNode asked = client.send("tools/call", call).result();
        assertThat(asked.path("inputRequests").propertyNames()).containsExactlyInAnyOrder("first", "second");

        JsonNode again = client.retry("tools/call", call, asked, Map.of("first", accept("name", "A"), "odd", Map.of()))
                .result();
        assertThat(again.path("inputRequests").propertyNames()).containsExactly("second");

        assertThat(text(client.retry("tools/call", call, again, Map.of("second", accept("name", "B")))
                        .result()))
                .isEqualTo("got A and B");
    }

    @Test
    void answersThatComeWithTheCallAreTaken() {
        JsonNode result = client.send(
                        "tools/call",
                        Map.of(
                                "name",
                                "asks_two",
                                "arguments",
                                Map.of(),
                                "inputResponses",
                                Map.of("first", accept("name", "A"), "second", accept("name", "B"), "more", 1)))
                .result();

        assertThat(text(result)).isEqualTo("got A and B");
    }

    @Test
    void answerThatDoesNotFitIsRefusedAndTheQuestionStaysOpen() {
        Map<String, Object> call = Map.of("name", "plain_ask", "arguments", Map.of());
        JsonNode asked = client.send("tools/call", call).result();

        JsonNode error = client.retry("tools/call", call, asked, answers(asked, accept("age", 3)))
                .error();
        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("message").asString()).contains("inputResponses", "does not fit");

        assertThat(text(client.retry("tools/call", call, asked, answers(asked, accept("name", "Eve")))
                        .result()))
                .startsWith("Hello Eve");
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed", "other arguments", "other tool", "other method", "not a text", "made up"})
    void requestStateIsGoodForItsRequestAlone(String what) {
        Map<String, Object> call = Map.of("name", "plain_ask", "arguments", Map.of());
        JsonNode asked = client.send("tools/call", call).result();
        String state = asked.path("requestState").asString();
        Map<String, Object> answers = answers(asked, accept("name", "Eve"));
        ModernWire.Sent sent = switch (what) {
            case "changed" ->
                client.send(
                        "tools/call", Map.of("name", "plain_ask", "arguments", Map.of(), "requestState", state + "A"));
            case "other arguments" ->
                client.retry("tools/call", Map.of("name", "plain_ask", "arguments", Map.of("x", 1)), asked, answers);
            case "other tool" ->
                client.retry("tools/call", Map.of("name", "plain_talk", "arguments", Map.of()), asked, answers);
            case "other method" -> client.retry("prompts/get", Map.of("name", "ask_prompt"), asked, answers);
            case "not a text" ->
                client.send("tools/call", Map.of("name", "plain_ask", "arguments", Map.of(), "requestState", 7));
            default ->
                client.send(
                        "tools/call", Map.of("name", "plain_ask", "arguments", Map.of(), "requestState", "bWFkZSB1cA"));
        };

        JsonNode error = sent.error();
        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("message").asString()).contains("requestState");
        assertThat(error.toString()).doesNotContain("Eve");
    }

    @Test
    void retryThatIsSentTwiceGetsTheSameResult() {
        Map<String, Object> call = Map.of("name", "plain_ask", "arguments", Map.of());
        JsonNode asked = client.send("tools/call", call).result();
        Map<String, Object> answers = answers(asked, accept("name", "Ada"));

        String first = text(client.retry("tools/call", call, asked, answers).result());
        Map<String, Object> others = answers(asked, accept("name", "Mallory"));

        assertThat(text(client.retry("tools/call", call, asked, others).result()))
                .as("the answer that was taken counts")
                .isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"plain_sample, sampling", "plain_ask, elicitation"})
    void toolThatNeedsWhatTheClientHasNotDeclaredIsRefused(String tool, String capability) {
        try (ModernWire poor = new ModernWire(server, "{}")) {
            ModernWire.Sent sent = poor.call(tool, Map.of());

            JsonNode error = sent.error();
            assertThat(error.path("code").asInt()).isEqualTo(-32021);
            assertThat(error.path("data").path("requiredCapabilities").has(capability))
                    .isTrue();
            assertThat(sent.status()).isEqualTo(400);
        }
    }

    @Test
    void operationThatNeedsWhatTheClientHasNotDeclaredIsRefusedToo() {
        try (ModernWire poor = new ModernWire(server, ModernWire.TASKS)) {
            ModernWire.Sent sent = poor.call("asks_two", Map.of());

            assertThat(sent.error().path("code").asInt()).isEqualTo(-32021);
            assertThat(sent.error().path("data").path("requiredCapabilities").has("elicitation"))
                    .isTrue();
            assertThat(sent.status()).isEqualTo(400);
        }
    }

    // ---- any client ------------------------------------------------------------------------------------------------

    @Test
    void clientWithoutTasksGetsAHandleToComeBackWith() {
        JsonNode processing = client.result("held_long", Map.of("name", "handle"));
        assertThat(processing.path("resultType").asString()).isEqualTo("complete");
        String id = processing.path("structuredContent").path("operation_id").asString();
        assertThat(id).hasSize(26);

        tools.release("handle");

        assertThat(text(client.result("continue_operation", Map.of("operation_id", id))))
                .isEqualTo("released handle");
    }

    @Test
    void whoeverComesBackIsAskedWhatTheOperationAsksMeanwhile() {
        JsonNode processing = client.result("held_long", Map.of("name", "unused"));
        assertThat(processing.path("structuredContent").path("status").asString())
                .isEqualTo("processing");
        String task = taskClient.start("asks_late", Map.of("name", "late"));
        tools.release("late");
        taskClient.awaitTask(task, "input_required");
        Map<String, Object> comeBack = Map.of("name", "continue_operation", "arguments", Map.of("operation_id", task));

        JsonNode asked = client.send("tools/call", comeBack).result();

        assertThat(text(client.retry("tools/call", comeBack, asked, answers(asked, accept("name", "Ada")))
                        .result()))
                .isEqualTo("got Ada");
        assertThat(text(taskClient.awaitTask(task, "completed").path("result"))).isEqualTo("got Ada");
    }

    // ---- tasks ---------------------------------------------------------------------------------------------------

    @Test
    void callThatTakesLongBecomesATask() {
        JsonNode created = taskClient.result("held_long", Map.of("name", "task"));

        assertThat(created.path("resultType").asString()).isEqualTo("task");
        assertThat(created.path("status").asString()).isEqualTo("working");
        assertThat(created.path("ttlMs").asInt()).isEqualTo(20 * 60 * 1000);
        assertThat(created.path("pollIntervalMs").asInt()).isEqualTo(700);
        assertThat(created.has("content")).isFalse();
        String id = created.path("taskId").asString();
        JsonNode working = taskClient.task(id);
        assertThat(working.path("resultType").asString()).isEqualTo("complete");
        assertThat(working.path("status").asString()).isEqualTo("working");
        assertThat(working.path("statusMessage").asString()).endsWith("\"half of task\"");
        assertThat(working.has("result")).isFalse();

        tools.release("task");

        JsonNode completed = taskClient.awaitTask(id, "completed");
        assertThat(text(completed.path("result"))).isEqualTo("released task");
        assertThat(completed.toString()).doesNotContain("related-task");
    }

    @Test
    void cancelIsAcknowledgedHoweverOften() {
        String id = taskClient.start("held_long", Map.of("name", "cancelled"));

        for (int i = 0; i < 3; i++) {
            JsonNode acknowledged =
                    taskClient.send("tasks/cancel", Map.of("taskId", id)).result();
            assertThat(acknowledged.propertyNames()).containsExactlyInAnyOrder("resultType", "_meta");
        }

        assertThat(taskClient.task(id).path("status").asString()).isEqualTo("cancelled");
        await().untilAsserted(() -> assertThat(tools.ends.get("cancelled")).isEqualTo("interrupted"));
    }

    @Test
    void questionsOfATaskAreAnsweredOneByOne() {
        String id = taskClient.start("asks_late", Map.of("name", "questions"));
        tools.release("questions");
        JsonNode task = taskClient.awaitTask(id, "input_required");
        assertThat(task.path("inputRequests").path("late").path("method").asString())
                .isEqualTo("elicitation/create");

        JsonNode misfit = taskClient
                .send("tasks/update", Map.of("taskId", id, "inputResponses", Map.of("late", 7)))
                .error();
        assertThat(misfit.path("code").asInt()).isEqualTo(-32602);
        JsonNode unknown = taskClient
                .send("tasks/update", Map.of("taskId", id, "inputResponses", Map.of("other", accept("name", "x"))))
                .result();
        assertThat(unknown.propertyNames()).containsExactlyInAnyOrder("resultType", "_meta");
        assertThat(taskClient.task(id).path("status").asString()).isEqualTo("input_required");
        taskClient
                .send("tasks/update", Map.of("taskId", id, "inputResponses", Map.of("late", accept("name", "Ada"))))
                .result();

        assertThat(text(taskClient.awaitTask(id, "completed").path("result"))).isEqualTo("got Ada");
    }

    @Test
    void clientSeesOnlyTheQuestionsThatItCanAnswer() {
        String id = taskClient.start("asks_late", Map.of("name", "blind"));
        tools.release("blind");
        taskClient.awaitTask(id, "input_required");
        try (ModernWire blind = new ModernWire(server, ModernWire.TASKS)) {
            JsonNode task = blind.task(id);
            assertThat(task.path("status").asString()).isEqualTo("input_required");
            assertThat(task.path("inputRequests").isEmpty()).isTrue();
        }
    }

    @Test
    void questionBeforeTheTaskIsARoundTripOfTheCall() {
        Map<String, Object> call = Map.of("name", "asks_two", "arguments", Map.of());
        JsonNode asked = taskClient.send("tools/call", call).result();

        assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
        assertThat(asked.has("taskId")).isFalse();
        assertThat(text(taskClient
                        .retry(
                                "tools/call",
                                call,
                                asked,
                                Map.of("first", accept("name", "A"), "second", accept("name", "B")))
                        .result()))
                .isEqualTo("got A and B");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks/get", "tasks/update", "tasks/cancel"})
    void tasksAreForClientsThatKnowThemAndForThoseThatExist(String method) {
        Map<String, Object> params = Map.of("taskId", UNKNOWN, "inputResponses", Map.of());
        assertThat(client.send(method, params).error().path("code").asInt()).isEqualTo(-32021);
        assertThat(taskClient.send(method, params).error().path("code").asInt()).isEqualTo(-32602);
        assertThat(taskClient
                        .send(method, Map.of("taskId", "no id of ours", "inputResponses", Map.of()))
                        .error()
                        .path("message")
                        .asString())
                .isEqualTo(
                        taskClient.send(method, params).error().path("message").asString());
    }

    // ---- listening -----------------------------------------------------------------------------------------------

    @Test
    void listenerHearsOfItsTaskUpToTheEnd() {
        String id = taskClient.start("asks_late", Map.of("name", "listened"));
        ModernWire.Sent listening = taskClient.send(
                "subscriptions/listen", Map.of("notifications", Map.of("taskIds", List.of(id, UNKNOWN))));
        listening.awaitTold("notifications/subscriptions/acknowledged", 1);
        JsonNode acknowledged = listening.notifications.get(0).path("params");
        assertThat(acknowledged.path("notifications").path("taskIds").toString())
                .isEqualTo("[\"" + id + "\"]");

        listening.awaitTold("notifications/tasks", 1);
        tools.release("listened");
        listening.awaitTold("notifications/tasks", 2);
        taskClient
                .send("tasks/update", Map.of("taskId", id, "inputResponses", Map.of("late", accept("name", "Ada"))))
                .result();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            List<JsonNode> told = listening.told("notifications/tasks");
            assertThat(told.get(told.size() - 1).path("status").asString()).isEqualTo("completed");
        });

        List<JsonNode> told = listening.told("notifications/tasks");
        assertThat(told.get(0).path("status").asString()).isEqualTo("working");
        assertThat(told.get(1).path("status").asString()).isEqualTo("input_required");
        assertThat(told.get(1).path("inputRequests").has("late")).isTrue();
        assertThat(text(told.get(told.size() - 1).path("result"))).isEqualTo("got Ada");
        assertThat(listening.notifications)
                .allSatisfy(message -> assertThat(message.path("params")
                                .path("_meta")
                                .path("io.modelcontextprotocol/subscriptionId")
                                .asInt())
                        .isEqualTo(listening.id));
        assertThat(listening.response).isNotDone();
    }

    @Test
    void listenerThatGoesIsForgotten() {
        int before = server.bean(ModernFace.class).subscriptions();
        ModernWire.Sent listening = client.send("subscriptions/listen", Map.of("notifications", Map.of()));
        listening.awaitTold("notifications/subscriptions/acknowledged", 1);
        assertThat(server.bean(ModernFace.class).subscriptions()).isEqualTo(before + 1);

        listening.vanish();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(server.bean(ModernFace.class).subscriptions())
                        .isEqualTo(before));
    }

    @Test
    void listeningToTasksNeedsTheExtension() {
        assertThat(client.send("subscriptions/listen", Map.of("notifications", Map.of("taskIds", List.of(UNKNOWN))))
                        .error()
                        .path("code")
                        .asInt())
                .isEqualTo(-32021);
    }
}
