package io.asyncmcp.autoconfigure.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.Caller.Reply;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.question.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** What clients see of every face while the store throws or stalls, and that all goes on once it works again. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
class OutageIT extends FaultyServerContract {

    private static final int INTERNAL_ERROR = -32603;

    private static final String KEY = "elicitation/create#1";

    private static final Map<String, Object> YES = Map.of("action", "accept", "content", Map.of("yes", true));

    private static final Map<String, Object> FORM = Map.of(
            "message",
            "May I?",
            "requestedSchema",
            Map.of("type", "object", "properties", Map.of("yes", Map.of("type", "boolean"))));

    /** More than there are event loops on any machine that runs this. */
    private static final int MANY = 80;

    OutageIT() {
        super(
                Config.class,
                "async.mcp.cleanup-interval=100ms",
                "async.mcp.cancel-tool.enabled=true",
                "async.mcp.list-tool.enabled=true");
    }

    static class Tools {

        private final Semaphore held;

        Tools(Semaphore held) {
            this.held = held;
        }

        @AsyncTool(name = "quick", timeout = "10s")
        String quick() {
            return "quick";
        }

        @AsyncTool(name = "held", timeout = "0s")
        String held(OperationContext context) throws InterruptedException {
            held.acquire();
            return "held";
        }

        @AsyncTool(name = "patient", timeout = "30s")
        String patient(OperationContext context) throws InterruptedException {
            held.acquire();
            return "patient";
        }

        @AsyncTool(name = "soon", timeout = "300ms")
        String soon() {
            return "soon";
        }

        @AsyncTool(name = "asks", timeout = "500ms")
        CompletionStage<String> asks(OperationContext context) {
            return context.requestInput("elicitation/create", FORM)
                    .thenApply(answer -> "answered " + ((Map<?, ?>) answer).get("action"));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(FaultyServerContract.FaultyStore.class)
    static class Config {

        @Bean
        Tools tools(Semaphore held) {
            return new Tools(held);
        }
    }

    // ---- what is asked for --------------------------------------------------------------------------------------

    /** Calls that start something. */
    private Map<String, Supplier<Reply>> calls() {
        Map<String, Supplier<Reply>> calls = new LinkedHashMap<>();
        calls.put("call", () -> caller.legacyCall("quick", NOTHING));
        calls.put("2026 call", () -> caller.modernCall("quick", NOTHING));
        calls.put("2026 call that may be a task", () -> caller.modern(true, "tools/call", call("quick")));
        calls.put("2025 task", () -> caller.legacy("tools/call", task("quick")));
        return calls;
    }

    /** Everything by which a client comes back for an operation. */
    private Map<String, Supplier<Reply>> returns(String id) {
        Map<String, Object> operation = Map.of("operation_id", id, "wait_time", 0);
        Map<String, Object> task = Map.of("taskId", id);
        Map<String, Supplier<Reply>> ways = new LinkedHashMap<>();
        ways.put("continue", () -> caller.legacyCall("continue_operation", operation));
        ways.put("cancel", () -> caller.legacyCall("cancel_operation", Map.of("operation_id", id)));
        ways.put("2026 continue", () -> caller.modernCall("continue_operation", operation));
        ways.put("2025 tasks/get", () -> caller.legacy("tasks/get", task));
        ways.put("2025 tasks/result", () -> caller.legacy("tasks/result", task));
        ways.put("2025 tasks/cancel", () -> caller.legacy("tasks/cancel", task));
        ways.put("2026 tasks/get", () -> caller.modern(true, "tasks/get", task));
        ways.put("2026 tasks/cancel", () -> caller.modern(true, "tasks/cancel", task));
        ways.put(
                "2026 tasks/update",
                () -> caller.modern(true, "tasks/update", Map.of("taskId", id, "inputResponses", NOTHING)));
        ways.put("2026 subscriptions/listen", () -> caller.modern(true, "subscriptions/listen", listening(id)));
        return ways;
    }

    private static Map<String, Object> listening(String id) {
        return Map.of("notifications", Map.of("taskIds", List.of(id)));
    }

    private static Map<String, Object> call(String tool) {
        return Map.of("name", tool, "arguments", NOTHING);
    }

    private static Map<String, Object> task(String tool) {
        return Map.of("name", tool, "arguments", NOTHING, "task", NOTHING);
    }

    private String startHeld() {
        String id = caller.legacyCall("held", NOTHING)
                .result()
                .path("structuredContent")
                .path("operation_id")
                .asString();
        // Its handle may be there before its body begins.
        await().atMost(Duration.ofSeconds(20)).until(() -> executor.statistics().working() == 1);
        return id;
    }

    /** An answer of a tool, or an error where there is no tool; nothing of the reason either way. */
    private static void assertFailedInternally(String way, Reply reply) {
        assertThat(reply.body()).as(way).doesNotContain(SECRET, "Exception", "NoClassDefFoundError");
        JsonNode error = reply.message().path("error");
        if (error.isMissingNode()) {
            assertThat(reply.result().path("isError").asBoolean()).as(way).isTrue();
            assertThat(reply.text()).as(way).startsWith("The call failed for an internal reason.");
        } else {
            assertThat(error.path("code").asInt()).as(way).isEqualTo(INTERNAL_ERROR);
            assertThat(error.path("message").asString()).as(way).isEqualTo("internal error");
        }
        boolean tool = way.contains("call") || way.endsWith("continue") || way.equals("cancel");
        assertThat(error.isMissingNode()).as(way).isEqualTo(tool);
    }

    // ---- a store that throws --------------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("faults")
    void callsThatCannotBeTakenInFailAndGoThroughOnceTheStoreWorks(Supplier<Throwable> fault) {
        outage.fails(fault::get, Outage.Of.CREATING);
        calls().forEach((way, call) -> assertFailedInternally(way, call.get()));

        outage.over();

        calls().forEach((way, call) -> assertThat(call.get().body()).as(way).doesNotContain("internal"));
        assertThat(caller.legacyCall("quick", NOTHING).text()).isEqualTo("quick");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void clientsThatComeBackWhileNothingCanBeFoundMayComeAgain(Supplier<Throwable> fault) {
        String id = startHeld();
        outage.fails(fault::get, Outage.Of.FINDING);
        returns(id).forEach((way, request) -> assertFailedInternally(way, request.get()));

        outage.over();
        held.release();

        assertThat(caller.legacyCall("continue_operation", Map.of("operation_id", id, "wait_time", 10))
                        .text())
                .isEqualTo("held");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void operationThatCannotBeReadIsNotForgotten(Supplier<Throwable> fault) {
        String id = startHeld();
        outage.fails(fault::get, Outage.Of.READING);
        returns(id).forEach((way, request) -> assertFailedInternally(way, request.get()));

        outage.over();
        held.release();

        assertThat(caller.legacy("tasks/result", Map.of("taskId", id)).text()).isEqualTo("held");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void endThatCannotBeRecordedIsFetchedOnceItCan(Supplier<Throwable> fault) {
        outage.fails(fault::get, Outage.Of.ENDS);
        Reply processing = caller.legacyCall("soon", NOTHING);
        String id = processing
                .result()
                .path("structuredContent")
                .path("operation_id")
                .asString();
        assertThat(processing.text()).contains("still running");
        assertThat(caller.legacy("tasks/get", Map.of("taskId", id))
                        .result()
                        .path("status")
                        .asString())
                .isEqualTo("working");

        outage.over();

        assertThat(caller.legacyCall("continue_operation", Map.of("operation_id", id, "wait_time", 10))
                        .text())
                .isEqualTo("soon");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void callThatCannotBeGivenAHandleFailsAndRunsOn(Supplier<Throwable> fault) {
        outage.fails(fault::get, Outage.Of.PUBLISHING);
        assertFailedInternally("call", caller.legacyCall("held", NOTHING));
        assertFailedInternally("2025 task", caller.legacy("tools/call", task("held")));

        await().atMost(Duration.ofSeconds(20)).until(() -> executor.statistics().working() == 2);
    }

    // ---- questions ------------------------------------------------------------------------------------------------

    private String asked() {
        await().atMost(Duration.ofSeconds(20)).until(() -> executor.statistics().inputRequired() == 1);
        return executor.operations(OperationQuery.ALL).stream()
                .filter(operation -> operation.status() == OperationStatus.INPUT_REQUIRED)
                .map(Operation::requireId)
                .findFirst()
                .orElseThrow();
    }

    static Stream<Arguments> faultsOfLookUps() {
        return faults().stream()
                .flatMap(
                        fault -> Stream.of(Outage.Of.FINDING, Outage.Of.READING).map(hit -> Arguments.of(fault, hit)));
    }

    @ParameterizedTest
    @MethodSource("faultsOfLookUps")
    void answerThatCannotBeTakenMayBeGivenAgain(Supplier<Throwable> fault, Outage.Of hit) {
        String state =
                caller.modernCall("asks", NOTHING).result().path("requestState").asString();
        String id = asked();
        Map<String, Object> answers = Map.of(KEY, YES);
        Supplier<Reply> answer = () -> caller.answer(Question.requestId(id, KEY), YES);
        Supplier<Reply> update =
                () -> caller.modern(true, "tasks/update", Map.of("taskId", id, "inputResponses", answers));
        Map<String, Object> again = new LinkedHashMap<>(call("asks"));
        again.put("inputResponses", answers);
        again.put("requestState", state);
        Supplier<Reply> retry = () -> caller.modern(false, "tools/call", again);
        outage.fails(fault::get, hit);

        Reply refused = answer.get();
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.body()).doesNotContain(SECRET, "Exception", "NoClassDefFoundError");
        for (Supplier<Reply> way : List.of(update, retry)) {
            assertThat(way.get().message().path("error").path("code").asInt()).isEqualTo(INTERNAL_ERROR);
        }
        outage.over();
        assertThat(executor.find(id, null).status()).isEqualTo(OperationStatus.INPUT_REQUIRED);

        assertThat(answer.get().status()).isEqualTo(202);
        assertThat(caller.legacy("tasks/result", Map.of("taskId", id)).text()).isEqualTo("answered accept");
    }

    /** It is a delivery thread that looks the operation up, for its question to be asked. */
    @ParameterizedTest
    @MethodSource("faults")
    void callIsAnsweredThoughItsQuestionCannotBeAsked(Supplier<Throwable> fault) {
        Caller asking = new Caller(server, "").inSessionWith(Map.of("elicitation", Map.of()));
        outage.fails(fault::get, Outage.Of.FINDING);
        for (int i = 0; i < 5; i++) {
            assertThat(asking.legacyCall("asks", NOTHING).text()).contains("call continue_operation");
        }

        outage.over();

        assertThat(asking.legacyCall("quick", NOTHING).text()).isEqualTo("quick");
        for (Operation operation : executor.operations(OperationQuery.ALL)) {
            asking.answer(Question.requestId(operation.requireId(), KEY), YES);
        }
    }

    /** It is asked on the stream of whoever waits for the task. */
    @ParameterizedTest
    @MethodSource("faults")
    void questionOfATaskIsAskedOnceItCanBe(Supplier<Throwable> fault) {
        Caller asking = new Caller(server, "").inSessionWith(Map.of("elicitation", Map.of()));
        String id = asking.legacy("tools/call", task("asks"))
                .result()
                .path("task")
                .path("taskId")
                .asString();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> executor.find(id, null).status() == OperationStatus.INPUT_REQUIRED);
        outage.fails(fault::get, Outage.Of.FINDING);
        assertFailedInternally("2025 tasks/result", asking.legacy("tasks/result", Map.of("taskId", id)));
        outage.over();

        CompletableFuture<Reply> result = asking.legacyAsync("tasks/result", Map.of("taskId", id));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> executor.find(id, null).pendingInputs().stream().allMatch(input -> input.delivered()));
        assertThat(asking.answer(Question.requestId(id, KEY), YES).status()).isEqualTo(202);

        assertThat(result.join().text()).isEqualTo("answered accept");
        assertThat(result.join().body()).contains("\"method\":\"elicitation/create\"");
    }

    // ---- a call that is made again --------------------------------------------------------------------------------

    @ParameterizedTest
    @MethodSource("faults")
    void workOfACallThatWasGivenUpIsNotStartedTwice(Supplier<Throwable> fault) {
        Caller impatient = new Caller(server, "").inSession();
        CompletableFuture<Reply> givenUp = impatient.legacyAsync("tools/call", call("patient"));
        await().atMost(Duration.ofSeconds(20)).until(() -> executor.statistics().working() == 1);
        impatient.legacyNotification("notifications/cancelled", Map.of("requestId", Caller.REQUEST));
        outage.fails(fault::get, Outage.Of.FINDING);
        for (int i = 0; i < 2; i++) {
            assertFailedInternally("call", impatient.legacyCall("patient", NOTHING));
        }

        outage.over();

        assertThat(impatient.legacyCall("patient", NOTHING).text()).contains("still running");
        assertThat(executor.open()).isEqualTo(1);
        held.release();
        // What was given up is not answered.
        assertThat(givenUp.join().body()).doesNotContain("result");
    }

    // ---- a store that stalls --------------------------------------------------------------------------------------

    /** Look-ups that stall hold the store's threads, and none of those that serve. */
    @Test
    void serverAnswersOthersWhileLookUpsStall() {
        String id = startHeld();
        Map<String, Object> coming = Map.of("operation_id", id, "wait_time", 0);
        outage.stalls(Outage.Of.FINDING);
        List<CompletableFuture<Reply>> stalled = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            stalled.add(caller.legacyAsync("tools/call", Map.of("name", "continue_operation", "arguments", coming)));
            stalled.add(caller.legacyAsync("tasks/get", Map.of("taskId", id)));
            stalled.add(caller.modernAsync(true, "tasks/get", Map.of("taskId", id)));
        }
        CompletableFuture<Reply> listening = caller.modernAsync(true, "subscriptions/listen", listening(id));
        await().atMost(Duration.ofSeconds(20)).until(() -> outage.stalled() > 3 * MANY);

        assertThat(caller.legacyCall("quick", NOTHING).text()).isEqualTo("quick");
        assertThat(caller.modernCall("quick", NOTHING).text()).isEqualTo("quick");
        assertThat(stalled).noneMatch(CompletableFuture::isDone);

        outage.over();
        assertThat(stalled).allSatisfy(reply -> assertThat(reply.join().body()).contains(id));
        assertThat(listening).isNotDone();
        listening.cancel(true);
    }

    @Test
    void operationIsStartedOnceAStallIsOver() {
        outage.stalls(Outage.Of.CREATING);
        CompletableFuture<Reply> call = caller.legacyAsync("tools/call", call("quick"));
        await().atMost(Duration.ofSeconds(20)).until(() -> outage.stalled() == 1);
        assertThat(call).isNotDone();

        outage.over();

        assertThat(call.join().text()).isEqualTo("quick");
    }

    @Test
    void listFailsWhileTheStoreCannotListAndDoesNotAfterwards() {
        outage.fails(() -> new IllegalStateException(SECRET), Outage.Of.LISTING);
        assertFailedInternally("call", caller.legacyCall("list_operations", NOTHING));

        outage.over();

        assertThat(caller.legacyCall("list_operations", NOTHING).body()).doesNotContain("internal");
    }
}
