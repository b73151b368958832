package io.asyncmcp.autoconfigure.transport;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.Root;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;

/** A tool in the background talks with its client: progress, logs, questions, sampling, roots. */
class BackgroundConversationIT {

    private TestServer server;

    private final AtomicInteger asked = new AtomicInteger();

    private final Queue<ProgressNotification> progress = new ConcurrentLinkedQueue<>();

    private final Queue<LoggingMessageNotification> logs = new ConcurrentLinkedQueue<>();

    static class Tools {

        @Bean
        TalkativeTools talkativeTools() {
            return new TalkativeTools();
        }
    }

    static class TalkativeTools {

        record Confirmation(boolean confirmed) {}

        final CountDownLatch goOn = new CountDownLatch(1);

        @AsyncTool(timeout = "3s")
        String publish(McpSyncRequestContext context) {
            var answer = context.elicit(question -> question.message("Publish it?"), Confirmation.class);
            return "confirmed=" + answer.structuredContent().confirmed();
        }

        @AsyncTool(timeout = "300ms")
        String consult(McpSyncRequestContext context) {
            String roots = context.roots().roots().get(0).uri();
            String sampled = ((TextContent) context.sample("What now?").content()).text();
            return roots + " " + sampled;
        }

        @AsyncTool(timeout = "300ms")
        String chatter(McpSyncRequestContext context) throws InterruptedException {
            context.progress(p -> p.progress(1).total(2).message("one"));
            context.info("first");
            goOn.await(20, TimeUnit.SECONDS);
            context.progress(p -> p.progress(2).total(2).message("two"));
            context.info("second");
            Thread.sleep(500);
            return "said";
        }

        @AsyncTool(timeout = "15s", singleFlight = true)
        String whisper(McpSyncRequestContext context) throws InterruptedException {
            goOn.await(20, TimeUnit.SECONDS);
            context.info("psst");
            return "said";
        }
    }

    private McpSyncClient start(WebApplicationType web, CountDownLatch user) {
        // The SDK forgets its own requests after a second; ours must not care.
        server = TestServer.start(
                web,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.request-timeout=1s");
        return server.connect(spec -> spec.capabilities(ClientCapabilities.builder()
                        .elicitation()
                        .sampling()
                        .roots(false)
                        .build())
                .roots(Root.builder("file:///project").name("project").build())
                .elicitation(question -> {
                    asked.incrementAndGet();
                    try {
                        user.await(30, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new ElicitResult(ElicitResult.Action.ACCEPT, Map.of("confirmed", true), null);
                })
                .sampling(request -> CreateMessageResult.builder(
                                Role.ASSISTANT, TextContent.builder("carry on").build(), "test-model")
                        .build())
                .progressConsumer(progress::add)
                .loggingConsumer(logs::add));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void userMayAnswerLongAfterTheCallWasAnswered(WebApplicationType web) {
        CountDownLatch user = new CountDownLatch(1);
        try (McpSyncClient client = start(web, user)) {
            CallToolResult processing = call(client, "publish", Map.of());
            assertThat(text(processing)).contains("waiting for the user");
            Object id = structured(processing).get("operation_id");
            CallToolResult waiting = call(client, "continue_operation", Map.of("operation_id", id, "wait_time", 1));
            assertThat(structured(waiting)).containsEntry("status", "processing");
            assertThat(text(waiting)).contains("waiting for the user", "nothing for you to do");
            // Longer than the SDK keeps a request of its own open.
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            user.countDown();
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> server.bean(AsyncExecutor.class)
                            .find((String) id, null)
                            .status()
                            .isTerminal());
            CallToolResult result = call(client, "continue_operation", Map.of("operation_id", id));
            assertThat(text(result)).isEqualTo("confirmed=true");
            assertThat(asked).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void samplingAndRootsAreAnsweredInTheBackground(WebApplicationType web) {
        try (McpSyncClient client = start(web, new CountDownLatch(0))) {
            CallToolResult result = call(client, "consult", Map.of());
            Object id = result.structuredContent() == null
                    ? null
                    : structured(result).get("operation_id");
            if (id != null) {
                result = call(client, "continue_operation", Map.of("operation_id", id, "wait_time", 15));
            }
            assertThat(text(result)).isEqualTo("file:///project carry on");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void progressAndLogsReachWhoeverWaitsNow(WebApplicationType web) {
        try (McpSyncClient client = start(web, new CountDownLatch(0))) {
            client.setLoggingLevel(McpSchema.LoggingLevel.INFO);
            CallToolResult processing =
                    client.callTool(new CallToolRequest("chatter", Map.of(), Map.of("progressToken", "call")));
            Object id = structured(processing).get("operation_id");
            assertThat(structured(processing)).containsEntry("progress_message", "one");
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(progress)
                            .extracting(ProgressNotification::progressToken)
                            .contains("call"));
            server.bean(TalkativeTools.class).goOn.countDown();
            CallToolResult result = client.callTool(new CallToolRequest(
                    "continue_operation",
                    Map.of("operation_id", id, "wait_time", 15),
                    Map.of("progressToken", "continue")));
            assertThat(text(result)).isEqualTo("said");
            assertThat(progress)
                    .anySatisfy(p -> assertThat(p.progressToken()).isEqualTo("continue"))
                    .anySatisfy(p -> assertThat(p.message()).isEqualTo("two"));
            assertThat(logs).extracting(LoggingMessageNotification::data).contains("first");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void everybodyWhoWaitsForASharedRunGetsItsLogs(WebApplicationType web) {
        try (McpSyncClient client = start(web, new CountDownLatch(0))) {
            client.setLoggingLevel(McpSchema.LoggingLevel.INFO);
            List<CompletableFuture<CallToolResult>> calls = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> call(client, "whisper", Map.of()), task -> new Thread(task).start()))
                    .limit(3)
                    .toList();
            AsyncExecutor executor = server.bean(AsyncExecutor.class);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> executor.statistics().waiting() == 3
                            && executor.statistics().working() == 1);
            assertThat(executor.statistics().queued()).isZero();
            server.bean(TalkativeTools.class).goOn.countDown();
            assertThat(calls).extracting(call -> text(call.join())).containsOnly("said");
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(logs)
                            .extracting(LoggingMessageNotification::data)
                            .containsExactly("psst", "psst", "psst"));
        }
    }

    @Test
    void fewThreadsServeManyWaits() {
        server = TestServer.start(
                WebApplicationType.SERVLET,
                SlowToolContract.Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "server.tomcat.threads.max=4",
                "async.mcp.tools.slow.timeout=10s");
        try (McpSyncClient client = server.connect()) {
            long start = System.nanoTime();
            List<Thread> callers = java.util.stream.IntStream.range(0, 40)
                    .mapToObj(i -> new Thread(() -> {
                        CallToolResult result = call(client, "slow", Map.of("name", "n" + i, "millis", 2000));
                        if (text(result).equals("done: n" + i)) {
                            asked.incrementAndGet();
                        }
                    }))
                    .toList();
            callers.forEach(Thread::start);
            await().atMost(Duration.ofSeconds(15)).until(() -> asked.get() == 40);
            // One after the other on four threads they would take twenty seconds.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }
}
