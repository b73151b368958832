package io.asyncmcp.autoconfigure.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/**
 * A client over stdio that waits two seconds, and two more with every progress, as those of the TypeScript SDK do with {@code
 * resetTimeoutOnProgress}. Java's does not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StdioHeartbeatIT {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int LONGER = 4000;

    private final ExecutorService reader = Executors.newSingleThreadExecutor();

    private final BlockingQueue<JsonNode> read = new LinkedBlockingQueue<>();

    /** The progress of the latest request. */
    private final List<JsonNode> told = new ArrayList<>();

    private StdioChild child;

    private int requests;

    @SpringBootApplication(scanBasePackages = "none")
    @Import(Tools.class)
    static class Server {

        public static void main(String[] args) {
            StdioChild.serve(Server.class, args, "async.mcp.heartbeat-interval=200ms");
        }
    }

    static class Tools {

        @Bean
        SilentTools silentTools() {
            return new SilentTools();
        }
    }

    static class SilentTools {

        @AsyncTool(name = "silent", timeout = "10s")
        String silent(int millis) throws InterruptedException {
            Thread.sleep(millis);
            return "done";
        }

        @AsyncTool(name = "reports_once", timeout = "100ms")
        String reportsOnce(int millis, OperationContext context) throws InterruptedException {
            context.progress(1, 2.0, "half way");
            Thread.sleep(millis);
            return "done";
        }
    }

    @BeforeAll
    void start() throws Exception {
        child = StdioChild.start(Server.class);
        child.say("""
                {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
                "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
        reader.submit(() -> {
            while (true) {
                read.add(child.next());
            }
        });
        assertThat(read.poll(60, TimeUnit.SECONDS)).isNotNull();
        child.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }

    @AfterAll
    void stop() throws Exception {
        child.close();
        reader.shutdownNow();
    }

    @BeforeEach
    void forget() {
        told.clear();
    }

    private void request(String method, String params) throws IOException {
        child.say("{\"jsonrpc\":\"2.0\",\"id\":" + ++requests + ",\"method\":\"" + method + "\",\"params\":" + params
                + "}");
    }

    private void call(String tool, String arguments, String meta) throws IOException {
        request("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + ",\"_meta\":{" + meta + "}}");
    }

    private static String millis(int millis) {
        return "{\"millis\":" + millis + "}";
    }

    /** Fails if neither progress nor the reply comes for as long as the client waits. */
    private JsonNode result() throws Exception {
        Instant givesUp = Instant.now().plus(PATIENCE);
        while (true) {
            JsonNode message =
                    read.poll(Duration.between(Instant.now(), givesUp).toMillis(), TimeUnit.MILLISECONDS);
            assertThat(message).as("sign of life").isNotNull();
            if (!message.has("method") && message.path("id").asInt(-1) == requests) {
                return message.path("result");
            }
            if (message.path("method").asString("").equals("notifications/progress")) {
                told.add(message.path("params"));
                givesUp = Instant.now().plus(PATIENCE);
            }
        }
    }

    private static String text(JsonNode result) {
        return result.path("content").path(0).path("text").asString("");
    }

    private void isToldThatItGoesOn(String token) {
        assertThat(told)
                .hasSizeGreaterThan(2)
                .allSatisfy(progress ->
                        assertThat(progress.path("progressToken").asString()).isEqualTo(token));
        assertThat(told)
                .extracting(progress -> progress.path("progress").asDouble())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void silentToolKeepsItsClient() throws Exception {
        call("silent", millis(LONGER), "\"progressToken\":\"call\"");
        assertThat(text(result())).isEqualTo("done");
        isToldThatItGoesOn("call");
        assertThat(told.get(0).path("progress").asDouble()).isZero();
        assertThat(told).noneMatch(progress -> progress.has("total") || progress.has("message"));
    }

    @Test
    void clientThatComesBackIsKeptToo() throws Exception {
        call("reports_once", millis(LONGER), "");
        String id = result().path("structuredContent").path("operation_id").asString();
        call("continue_operation", "{\"operation_id\":\"" + id + "\",\"wait_time\":10}", "\"progressToken\":\"back\"");
        assertThat(text(result())).isEqualTo("done");
        isToldThatItGoesOn("back");
        assertThat(told.get(0).path("progress").asDouble()).isEqualTo(1);
        assertThat(told).allSatisfy(progress -> {
            assertThat(progress.path("total").asDouble()).isEqualTo(2);
            assertThat(progress.path("message").asString()).isEqualTo("half way");
        });
    }

    @Test
    void resultOfATaskIsWaitedForAsLong() throws Exception {
        request("tools/call", "{\"name\":\"silent\",\"arguments\":" + millis(LONGER) + ",\"task\":{}}");
        String id = result().path("task").path("taskId").asString();
        request("tasks/result", "{\"taskId\":\"" + id + "\",\"_meta\":{\"progressToken\":\"result\"}}");
        assertThat(text(result())).isEqualTo("done");
        isToldThatItGoesOn("result");
    }

    @Test
    void requestOfProtocol20260728IsKeptToo() throws Exception {
        call(
                "silent",
                millis(LONGER),
                "\"progressToken\":\"modern\",\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        + "\"io.modelcontextprotocol/clientCapabilities\":{}");
        assertThat(text(result())).isEqualTo("done");
        isToldThatItGoesOn("modern");
    }

    @Test
    void clientWithoutATokenIsToldNothing() throws Exception {
        call("silent", millis(1000), "");
        assertThat(text(result())).isEqualTo("done");
        assertThat(told).isEmpty();
    }
}
