package io.asyncmcp.server.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncmcp.InputResponse;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.server.modern.ModernFixture.Running;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubscriptionsTests {

    private static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

    private static final String TOOLS = "notifications/tools/list_changed";

    private static final String PROMPTS = "notifications/prompts/list_changed";

    private static final String RESOURCES = "notifications/resources/list_changed";

    private static final Map<String, Object> EVERYTHING = Map.of(
            "tools", Map.of("listChanged", true),
            "prompts", Map.of("listChanged", true),
            "resources", Map.of("listChanged", true, "subscribe", true));

    private static final CallToolResult DONE =
            CallToolResult.builder().addTextContent("done").isError(false).build();

    private final ModernFixture fixture = new ModernFixture();

    private final Subscriptions subscriptions = new Subscriptions(fixture.operations, fixture.view, true);

    @AfterEach
    void close() {
        fixture.close();
    }

    private CompletableFuture<Object> listen(Map<String, Object> filter) {
        return listen(filter, EVERYTHING, true, fixture.channel);
    }

    private CompletableFuture<Object> listen(
            @Nullable Object filter, Map<String, Object> capabilities, boolean tasks, TestChannel channel) {
        Map<String, Object> params = new HashMap<>();
        params.put("notifications", filter);
        CompletableFuture<Object> ended = subscriptions
                .listen(
                        fixture.request("subscriptions/listen", params, ModernFixture.ALL, tasks, channel),
                        fixture.server,
                        capabilities)
                .toCompletableFuture();
        fixture.settle();
        channel.delivery.runAll();
        return ended;
    }

    /** What the acknowledgement, which is the first to come, says. */
    private Object acknowledged() {
        assertThat(fixture.channel.methods()).startsWith(ACKNOWLEDGED);
        return TestChannel.params(fixture.channel.sent.get(0)).get("notifications");
    }

    private List<Map<?, ?>> tasks() {
        fixture.settle();
        List<Map<?, ?>> tasks = new ArrayList<>();
        fixture.channel.sent.stream()
                .filter(sent -> sent.method().equals("notifications/tasks"))
                .forEach(sent -> tasks.add(TestChannel.params(sent)));
        return tasks;
    }

    private List<Object> statuses() {
        return tasks().stream().<Object>map(task -> task.get("status")).toList();
    }

    private McpError refusal(@Nullable Object filter, boolean tasks) {
        McpError error = catchThrowableOfType(McpError.class, () -> listen(filter, EVERYTHING, tasks, fixture.channel));
        assertThat(error).as("%s is refused", filter).isNotNull();
        fixture.settle();
        assertThat(fixture.channel.sent).isEmpty();
        assertThat(subscriptions.size()).isZero();
        return error;
    }

    private static List<String> many(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    @Test
    void requestIsWeighedByTheTasksThatItListensTo() {
        assertThat(weight("subscriptions/listen", Map.of("taskIds", many(100, "t"))))
                .isEqualTo(40_000);
        assertThat(weight("subscriptions/listen", Map.of("taskIds", many(1_000, "t"))))
                .as("more are refused")
                .isEqualTo(40_000);
        assertThat(weight("subscriptions/listen", Map.of())).isZero();
        assertThat(weight("tools/list", Map.of("taskIds", many(100, "t")))).isZero();
    }

    private long weight(String method, Map<String, Object> filter) {
        return Subscriptions.weigh(
                fixture.request(method, Map.of("notifications", filter), ModernFixture.ALL, true, fixture.channel));
    }

    @Test
    void acknowledgementComesBeforeABroadcastInBetween() {
        fixture.server.handler = (request, context) -> {
            subscriptions.broadcast(TOOLS);
            subscriptions.notified("client-1", "notifications/resources/updated", Map.of("uri", "a:b"));
            return JSONRPCResponse.result(request.id(), Map.of());
        };
        listen(Map.of("toolsListChanged", true, "resourceSubscriptions", List.of("a:b")));
        assertThat(fixture.channel.methods()).containsExactly(ACKNOWLEDGED, TOOLS, "notifications/resources/updated");
    }

    @Test
    void onlyWhatWasAskedFor() {
        listen(Map.of("toolsListChanged", true, "promptsListChanged", false, "other", true));
        assertThat(acknowledged()).isEqualTo(Map.of("toolsListChanged", true));
        subscriptions.broadcast(PROMPTS);
        subscriptions.broadcast(RESOURCES);
        subscriptions.broadcast("notifications/other");
        subscriptions.broadcast(TOOLS);
        fixture.settle();
        assertThat(fixture.channel.methods()).containsExactly(ACKNOWLEDGED, TOOLS);
    }

    @Test
    void onlyWhatTheServerHas() {
        Map<String, Object> filter = Map.of(
                "toolsListChanged", true,
                "promptsListChanged", true,
                "resourcesListChanged", true,
                "resourceSubscriptions", List.of("a:b"));
        listen(
                filter,
                Map.of("prompts", Map.of("listChanged", true), "resources", Map.of("subscribe", false), "tools", 1),
                false,
                fixture.channel);
        assertThat(acknowledged()).isEqualTo(Map.of("promptsListChanged", true));
        assertThat(fixture.server.requests).isEmpty();
        subscriptions.broadcast(TOOLS);
        subscriptions.broadcast(RESOURCES);
        subscriptions.broadcast(PROMPTS);
        fixture.settle();
        assertThat(fixture.channel.methods()).containsExactly(ACKNOWLEDGED, PROMPTS);
    }

    @Test
    void emptyFilterIsAcknowledgedToo() {
        CompletableFuture<Object> ended = listen(Map.of());
        assertThat(acknowledged()).isEqualTo(Map.of());
        assertThat(ended).isNotDone();
        assertThat(subscriptions.size()).isOne();
    }

    @Test
    void everySubscriptionCarriesItsOwnId() {
        TestChannel other = new TestChannel();
        listen(Map.of("toolsListChanged", true));
        listen(Map.of("toolsListChanged", true), EVERYTHING, false, other);
        subscriptions.broadcast(TOOLS);
        fixture.settle();
        other.delivery.runAll();
        assertThat(fixture.channel.sent)
                .hasSize(2)
                .allSatisfy(sent -> assertThat(TestChannel.params(sent).get("_meta"))
                        .isEqualTo(Map.of("io.modelcontextprotocol/subscriptionId", 1)));
        assertThat(other.sent)
                .hasSize(2)
                .allSatisfy(sent -> assertThat(TestChannel.params(sent).get("_meta"))
                        .isEqualTo(Map.of("io.modelcontextprotocol/subscriptionId", 2)));
    }

    @Test
    void newsOfAResourceGoesToItsSubscription() {
        listen(Map.of("resourceSubscriptions", List.of("a:b", "a:b", "c:d")));
        assertThat(acknowledged()).isEqualTo(Map.of("resourceSubscriptions", List.of("a:b", "c:d")));
        assertThat(subscriptions.notified("client-1", "notifications/resources/updated", Map.of("uri", "a:b")))
                .isTrue();
        assertThat(subscriptions.notified("client-2", "notifications/resources/updated", Map.of("uri", "a:b")))
                .isFalse();
        fixture.settle();
        assertThat(fixture.channel.methods()).containsExactly(ACKNOWLEDGED, "notifications/resources/updated");
        assertThat(TestChannel.params(fixture.channel.sent.get(1)).get("uri")).isEqualTo("a:b");
    }

    @Test
    void wrongFiltersAreRefused() {
        for (Object wrong : Arrays.asList(
                null,
                "toolsListChanged",
                List.of("toolsListChanged"),
                Map.of("toolsListChanged", "true"),
                Map.of("promptsListChanged", 1),
                Map.of("resourceSubscriptions", "a:b"),
                Map.of("resourceSubscriptions", List.of("a:b", 1)),
                Map.of("resourceSubscriptions", many(101, "a:")),
                Map.of("taskIds", "id"),
                Map.of("taskIds", Arrays.asList("id", null)),
                Map.of("taskIds", List.of("x".repeat(2_049))),
                Map.of("resourceSubscriptions", List.of("a:" + "x".repeat(2_047))),
                Map.of("taskIds", many(101, "id")))) {
            McpError error = refusal(wrong, true);
            assertThat(error.getJsonRpcError().code()).isEqualTo(ErrorCodes.INVALID_PARAMS);
            assertThat(error.getJsonRpcError().message())
                    .startsWith("notifications")
                    .endsWith(".");
        }
        assertThat(refusal(Map.of("taskIds", many(101, "id")), true)
                        .getJsonRpcError()
                        .message())
                .contains("must not have more than 100 entries");
    }

    @Test
    void limitsCanBeReached() {
        listen(Map.of("resourceSubscriptions", many(100, "a:"), "taskIds", many(100, "id")));
        assertThat(acknowledged()).isEqualTo(Map.of("resourceSubscriptions", many(100, "a:")));
        assertThat(fixture.server.requests).hasSize(100);
    }

    @Test
    void whoeverCannotHandleTasksCannotListenToThem() {
        assertThat(refusal(Map.of("taskIds", List.of("id")), false).getJsonRpcError())
                .isEqualTo(ModernErrors.missingTasks().getJsonRpcError());
        listen(Map.of("taskIds", List.of()), EVERYTHING, false, fixture.channel);
        assertThat(acknowledged()).isEqualTo(Map.of());
    }

    @Test
    void tasksThatAreNotThereOrNotTheirsAreLeftOut() {
        Running own = fixture.running(ModernFixture.ALICE);
        Running ofBob = fixture.running(OperationOwner.principal("bob"));
        Running ofTheApplication = fixture.running(OperationOwner.APPLICATION);
        listen(Map.of(
                "taskIds",
                List.of(ofBob.id(), own.id(), "nonsense", "3k7f2m4q6t5v2xbzacdghjnprs", ofTheApplication.id())));
        assertThat(acknowledged()).isEqualTo(Map.of("taskIds", List.of(own.id())));
        ofBob.work().complete(DONE);
        ofTheApplication.work().complete(DONE);
        own.work().complete(DONE);
        assertThat(tasks())
                .hasSize(2)
                .allSatisfy(task -> assertThat(task.get("taskId")).isEqualTo(own.id()));
    }

    @Test
    void noTasksWithoutTheExtension() {
        Running own = fixture.running(ModernFixture.ALICE);
        new Subscriptions(fixture.operations, fixture.view, false)
                .listen(
                        fixture.request(
                                "subscriptions/listen",
                                Map.of("notifications", Map.of("taskIds", List.of(own.id()))),
                                ModernFixture.ALL,
                                true),
                        fixture.server,
                        EVERYTHING);
        own.work().complete(DONE);
        fixture.settle();
        assertThat(acknowledged()).isEqualTo(Map.of());
        assertThat(tasks()).isEmpty();
    }

    @Test
    void statesOfATaskAreToldOnceAndProgressIsNone() {
        Running task = fixture.running(ModernFixture.ALICE);
        listen(Map.of("taskIds", List.of(task.id())));
        assertThat(statuses()).as("where it stands").containsExactly("working");
        task.context().progress(1, 2.0, "half way");
        assertThat(statuses()).hasSize(1);

        task.context().requestInput("name", "elicitation/create", Map.of("message", "Who?"));
        assertThat(statuses()).containsExactly("working", "input_required");
        assertThat(tasks().get(1).get("inputRequests").toString()).contains("name", "Who?");
        fixture.operations.executor().claimInput(task.id(), null, "name");
        assertThat(statuses()).hasSize(2);
        task.context().requestInput("age", "elicitation/create", Map.of("message", "How old?"));
        assertThat(tasks().get(2).get("inputRequests").toString()).contains("name", "age");

        task.work().complete(DONE);
        assertThat(statuses()).containsExactly("working", "input_required", "input_required", "completed");
        assertThat(tasks().get(3).get("result").toString()).contains("done");
    }

    /** Exactly what tasks/get would have returned at that moment. */
    @Test
    void notificationIsTheWholeTask() {
        Running task = fixture.running(ModernFixture.ALICE);
        listen(Map.of("taskIds", List.of(task.id())));
        Map<String, Object> expected = new HashMap<>(
                fixture.view.detailed(fixture.operations.executor().find(task.id(), null), ModernFixture.ALL));
        expected.put("_meta", Map.of("io.modelcontextprotocol/subscriptionId", 1));
        assertThat(tasks()).singleElement().isEqualTo(expected);
    }

    @Test
    void taskThatHasEndedIsToldOnce() {
        Running task = fixture.running(ModernFixture.ALICE);
        task.work().complete(DONE);
        fixture.settle();
        listen(Map.of("taskIds", List.of(task.id())));
        assertThat(statuses()).containsExactly("completed");
    }

    @Test
    void concurrentChangesAreToldOnceAndTheLastOneLast() throws Exception {
        ExecutorService racers = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 50; round++) {
                fixture.channel.sent.clear();
                Running task = fixture.running(ModernFixture.ALICE);
                CyclicBarrier start = new CyclicBarrier(4);
                List<Future<?>> all = new ArrayList<>();
                List<Runnable> changes = List.of(
                        () -> subscriptions.listen(
                                fixture.request(
                                        "subscriptions/listen",
                                        Map.of("notifications", Map.of("taskIds", List.of(task.id()))),
                                        ModernFixture.ALL,
                                        true),
                                fixture.server,
                                EVERYTHING),
                        () -> IntStream.range(0, 50).forEach(i -> task.context().progress(i, null, null)),
                        () -> {
                            for (int i = 0; i < 10; i++) {
                                task.context().requestInput("q" + i, "elicitation/create", Map.of());
                                fixture.operations
                                        .executor()
                                        .answerInput(task.id(), null, "q" + i, InputResponse.of(Map.of()));
                            }
                        },
                        () -> task.work().complete(DONE));
                for (Runnable change : changes) {
                    all.add(racers.submit(() -> {
                        start.await(20, TimeUnit.SECONDS);
                        change.run();
                        return null;
                    }));
                }
                for (Future<?> one : all) {
                    one.get(20, TimeUnit.SECONDS);
                }
                List<Map<?, ?>> told = tasks();
                assertThat(told).isNotEmpty();
                assertThat(told.get(told.size() - 1).get("status")).isEqualTo("completed");
                assertThat(statuses().stream().filter("completed"::equals)).hasSize(1);
                for (int i = 1; i < told.size(); i++) {
                    assertThat(state(told.get(i)))
                            .as("another state than before")
                            .isNotEqualTo(state(told.get(i - 1)));
                }
            }
        } finally {
            racers.shutdownNow();
        }
    }

    private static List<@Nullable Object> state(Map<?, ?> task) {
        return Arrays.asList(task.get("status"), task.get("inputRequests"));
    }

    @Test
    void clientThatGoesIsForgotten() {
        Running task = fixture.running(ModernFixture.ALICE);
        CompletableFuture<Object> ended = listen(Map.of(
                "toolsListChanged", true,
                "resourceSubscriptions", List.of("a:b"),
                "taskIds", List.of(task.id())));
        int before = fixture.channel.sent.size();
        fixture.channel.lose();
        assertThat(subscriptions.size()).isZero();
        assertThat(fixture.server.clients).isEmpty();
        subscriptions.broadcast(TOOLS);
        task.work().complete(DONE);
        fixture.settle();
        assertThat(fixture.channel.sent).hasSize(before);
        assertThat(subscriptions.notified("client-1", "notifications/resources/updated", null))
                .isFalse();
        subscriptions.close();
        assertThat(ended).as("whoever gave a request up gets no response").isNotDone();
    }

    @Test
    void clientThatHasGoneAlreadyLeavesNothingBehind() {
        List<String> subscribedBy = new ArrayList<>();
        fixture.server.handler = (request, context) -> {
            subscribedBy.addAll(fixture.server.clients);
            return JSONRPCResponse.result(request.id(), Map.of());
        };
        fixture.channel.lose();
        listen(Map.of("resourceSubscriptions", List.of("a:b")));
        assertThat(subscribedBy).as("closed after it has subscribed").containsExactly("client-1");
        assertThat(subscriptions.size()).isZero();
        assertThat(fixture.server.clients).isEmpty();
    }

    @Test
    void serverEndsEachWithAWord() {
        TestChannel other = new TestChannel();
        CompletableFuture<Object> one = listen(Map.of("resourceSubscriptions", List.of("a:b")));
        CompletableFuture<Object> two = listen(Map.of("toolsListChanged", true), EVERYTHING, false, other);
        assertThat(one).isNotDone();
        subscriptions.close();
        assertThat(one)
                .isCompletedWithValue(
                        Map.of("resultType", "complete", "_meta", Map.of("io.modelcontextprotocol/subscriptionId", 1)));
        assertThat(two).isCompleted();
        assertThat(subscriptions.size()).isZero();
        assertThat(fixture.server.clients).isEmpty();
    }

    @Test
    void clientThatDoesNotReadIsWaitedForAMomentAlone() {
        listen(Map.of("toolsListChanged", true));
        ManualTimer timer = new ManualTimer();

        CompletableFuture<Void> over = subscriptions.end(timer).toCompletableFuture();

        timer.advance(Duration.ofMillis(999));
        assertThat(over).isNotDone();
        timer.advance(Duration.ofMillis(1));
        assertThat(over).isCompleted();
    }

    @Test
    void whoeverReadsIsNotWaitedForAnyLonger() {
        listen(Map.of("toolsListChanged", true));

        CompletableFuture<Void> over = subscriptions.end(new ManualTimer()).toCompletableFuture();
        fixture.channel.delivery.runAll();

        assertThat(over).isCompleted();
    }

    @Test
    void clientsListenAgainAfterARestart() {
        subscriptions.close();

        subscriptions.restart();

        assertThat(listen(Map.of("toolsListChanged", true))).isNotDone();
        assertThat(subscriptions.size()).isOne();
    }

    @Test
    void whoComesAfterTheEndIsToldSo() {
        subscriptions.close();
        CompletableFuture<Object> ended = listen(Map.of("toolsListChanged", true));
        assertThat(fixture.channel.methods()).containsExactly(ACKNOWLEDGED);
        assertThat(ended).isCompleted();
        assertThat(subscriptions.size()).isZero();
    }
}
