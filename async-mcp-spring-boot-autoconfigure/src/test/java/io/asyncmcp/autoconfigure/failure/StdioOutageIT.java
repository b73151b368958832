package io.asyncmcp.autoconfigure.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.StdioChild;
import io.asyncmcp.server.OperationOwnerResolver;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** Over stdio an error in the wrong place ends the server: everything comes in on one stream. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StdioOutageIT {

    private StdioChild child;

    private int requests;

    @SpringBootApplication(scanBasePackages = "none")
    @Import(OutageIT.Config.class)
    static class Server {

        public static void main(String[] args) {
            StdioChild.serve(Server.class, args);
        }

        @Bean
        Breaker breaker(Outage outage) {
            return new Breaker(outage);
        }

        @Bean
        OperationOwnerResolver owners(Breaker breaker) {
            return (context, sessionId) -> breaker.owner();
        }
    }

    /** Breaks what the server relies on, and mends it. No operation is needed for that. */
    static class Breaker {

        private final Outage outage;

        private volatile boolean ownerUnknown;

        private volatile CountDownLatch hit = new CountDownLatch(1);

        Breaker(Outage outage) {
            this.outage = outage;
        }

        OperationOwner owner() {
            if (ownerUnknown) {
                hit.countDown();
                throw new NoClassDefFoundError("owner");
            }
            return OperationOwner.principal("whoever started it");
        }

        private void fails(Throwable fault, Outage.Of... what) {
            outage.fails(
                    () -> {
                        hit.countDown();
                        return fault;
                    },
                    what);
        }

        @McpTool(name = "break")
        public String breakIt(String what) {
            hit = new CountDownLatch(1);
            switch (what) {
                case "exception" -> fails(new IllegalStateException(what), Outage.Of.FINDING);
                case "error" -> fails(new NoClassDefFoundError(what), Outage.Of.FINDING);
                case "undeclared" -> fails(new SQLException(what), Outage.Of.READING);
                default -> ownerUnknown = true;
            }
            return what;
        }

        /** Once it was met with. */
        @McpTool(name = "mend")
        public String mend() throws InterruptedException {
            boolean met = hit.await(20, TimeUnit.SECONDS);
            outage.over();
            ownerUnknown = false;
            return met ? "mended" : "nothing was broken";
        }
    }

    @BeforeEach
    void start() throws Exception {
        child = StdioChild.start(Server.class);
        request(
                "initialize",
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"elicitation\":{}},"
                        + "\"clientInfo\":{\"name\":\"stdio\",\"version\":\"1\"}}");
        response();
        child.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }

    @AfterEach
    void stop() throws Exception {
        child.close();
    }

    private void request(String method, String params) throws IOException {
        child.say("{\"jsonrpc\":\"2.0\",\"id\":" + ++requests + ",\"method\":\"" + method + "\",\"params\":" + params
                + "}");
    }

    private JsonNode readUntil(Predicate<JsonNode> wanted) throws IOException {
        JsonNode message = child.next();
        while (!wanted.test(message)) {
            message = child.next();
        }
        return message;
    }

    private JsonNode response() throws IOException {
        return readUntil(message -> !message.has("method") && message.path("id").asInt(-1) == requests);
    }

    private void call(String tool, Map<String, ?> arguments) throws IOException {
        request("tools/call", Caller.JSON.writeValueAsString(Map.of("name", tool, "arguments", arguments)));
    }

    private String text() throws IOException {
        return response().path("result").path("content").path(0).path("text").asString();
    }

    private String called(String tool, Map<String, ?> arguments) throws IOException {
        call(tool, arguments);
        return text();
    }

    @Test
    void serverOutlivesAnswersThatItCannotTake() throws Exception {
        call("asks", Map.of());
        JsonNode question = readUntil(message -> message.has("method") && message.has("id"));
        String id = response()
                .path("result")
                .path("structuredContent")
                .path("operation_id")
                .asString();
        String answer = "{\"jsonrpc\":\"2.0\",\"id\":" + question.path("id")
                + ",\"result\":{\"action\":\"accept\",\"content\":{\"yes\":true}}}";

        for (String what : new String[] {"exception", "error", "undeclared", "owner"}) {
            assertThat(called("break", Map.of("what", what))).contains(what);
            child.say(answer);
            assertThat(called("mend", Map.of())).as("after " + what).contains("mended");
        }

        Map<String, Object> coming = Map.of("operation_id", id, "wait_time", 1);
        assertThat(called("continue_operation", coming)).contains("call continue_operation");
        child.say(answer);
        assertThat(called("continue_operation", coming)).isEqualTo("answered accept");
    }
}
