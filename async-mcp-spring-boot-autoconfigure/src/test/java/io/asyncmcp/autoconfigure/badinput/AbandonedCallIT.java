package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.message;
import static io.asyncmcp.autoconfigure.badinput.RawClient.operationId;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.PrincipalOwnerResolver;
import io.asyncmcp.server.tool.EqualCalls;
import io.asyncmcp.server.transport.DeliveryThreads;
import io.modelcontextprotocol.common.McpTransportContext;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** A client that gives a call up before it was answered, and makes the same call again. */
class AbandonedCallIT {

    private static final String CALL = "{\"name\": \"held\", \"arguments\": {\"what\": \"page\"}}";

    private TestServer server;

    static class Tools {

        @Bean
        HeldTools heldTools() {
            return new HeldTools();
        }
    }

    static class HeldTools {

        final AtomicInteger runs = new AtomicInteger();

        final CountDownLatch goOn = new CountDownLatch(1);

        @AsyncTool(name = "held", timeout = "4s")
        String held(String what, OperationContext context) throws InterruptedException {
            runs.incrementAndGet();
            goOn.await(30, TimeUnit.SECONDS);
            return what + " is done";
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void sameCallGetsTheOperationThatRunsAlready(WebApplicationType web) throws Exception {
        server = TestServer.start(web, Tools.class, "spring.ai.mcp.server.protocol=STREAMABLE");
        HeldTools tools = server.bean(HeldTools.class);
        RawClient client = new RawClient(server).initialized();
        CompletableFuture<HttpResponse<String>> first = inBackground(client, CALL, "1");
        await().atMost(Duration.ofSeconds(10)).until(() -> tools.runs.get() == 1);
        client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": 1}}");

        // As impatient as before: it gives up the second call too, and is still offered what it has started.
        CompletableFuture<HttpResponse<String>> second = inBackground(client, CALL, "2");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> server.bean(AsyncExecutor.class).statistics().waiting() == 2);
        client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": 2}}");

        JsonNode again = client.request("tools/call", CALL);
        assertThat(text(again)).contains("still running");
        assertThat(tools.runs).hasValue(1);
        String id = operationId(again);
        // What was given up is not answered.
        assertThat(first.get(10, TimeUnit.SECONDS).body()).doesNotContain("result", id);
        assertThat(second.get(10, TimeUnit.SECONDS).body()).doesNotContain("result", id);

        tools.goOn.countDown();
        JsonNode result = client.call("continue_operation", "{\"operation_id\": \"" + id + "\", \"wait_time\": 10}");
        assertThat(text(result)).isEqualTo("page is done");
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void sameCallMayOvertakeTheCancellation(WebApplicationType web) throws Exception {
        server = TestServer.start(web, Patience.class, "spring.ai.mcp.server.protocol=STREAMABLE");
        HeldTools tools = server.bean(HeldTools.class);
        AtomicInteger resolved = server.bean(Calls.class).resolved;
        RawClient client = new RawClient(server).initialized();
        int before = resolved.get();
        CompletableFuture<HttpResponse<String>> first = inBackground(client, CALL, "1");
        await().atMost(Duration.ofSeconds(10)).until(() -> tools.runs.get() == 1);
        int oneCall = resolved.get() - before;

        CompletableFuture<HttpResponse<String>> again = inBackground(client, CALL, "2");
        await().atMost(Duration.ofSeconds(10)).until(() -> resolved.get() == before + 2 * oneCall);
        client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": 1}}");

        JsonNode processing = message(again.get(20, TimeUnit.SECONDS));
        assertThat(text(processing)).contains("still running");
        tools.goOn.countDown();
        JsonNode result = client.call(
                "continue_operation", "{\"operation_id\": \"" + operationId(processing) + "\", \"wait_time\": 10}");
        assertThat(text(result)).isEqualTo("page is done");
        assertThat(tools.runs).hasValue(1);
        first.get(20, TimeUnit.SECONDS);
    }

    /** The moment is so long that a slow machine does not matter; a call that has come in is seen by how often its owner was asked for. */
    static class Patience extends Tools {

        @Bean
        EqualCalls equalCalls(DeliveryThreads delivery) {
            return new EqualCalls(
                    Duration.ofSeconds(20),
                    OperationThreads.newTimer("test-calls-"),
                    delivery.executor(),
                    System::nanoTime);
        }

        @Bean
        Calls calls() {
            return new Calls();
        }
    }

    static class Calls implements OperationOwnerResolver {

        private final AtomicInteger resolved = new AtomicInteger();

        private final OperationOwnerResolver resolver = new PrincipalOwnerResolver(false);

        @Override
        public OperationOwner resolve(McpTransportContext context, @Nullable String sessionId) {
            resolved.incrementAndGet();
            return resolver.resolve(context, sessionId);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET"})
    void otherCallOrOtherSessionStartsItsOwn(WebApplicationType web) throws Exception {
        server = TestServer.start(web, Tools.class, "spring.ai.mcp.server.protocol=STREAMABLE");
        HeldTools tools = server.bean(HeldTools.class);
        RawClient client = new RawClient(server).initialized();
        CompletableFuture<HttpResponse<String>> first = inBackground(client, CALL, "1");
        await().atMost(Duration.ofSeconds(10)).until(() -> tools.runs.get() == 1);
        client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": 1}}");

        client.request("tools/call", CALL.replace("page", "book"));
        new RawClient(server).initialized().request("tools/call", CALL);
        assertThat(tools.runs).hasValue(3);
        tools.goOn.countDown();
        first.get(10, TimeUnit.SECONDS);
    }

    private static CompletableFuture<HttpResponse<String>> inBackground(RawClient client, String call, String id) {
        CompletableFuture<HttpResponse<String>> response = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        response.complete(client.request("tools/call", call, id));
                    } catch (Exception e) {
                        response.completeExceptionally(e);
                    }
                })
                .start();
        return response;
    }
}
