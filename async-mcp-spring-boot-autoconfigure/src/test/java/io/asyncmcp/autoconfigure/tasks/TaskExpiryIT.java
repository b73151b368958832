package io.asyncmcp.autoconfigure.tasks;

import static io.asyncmcp.autoconfigure.tasks.TaskWire.call;
import static io.asyncmcp.autoconfigure.tasks.TaskWire.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/** How long tasks are kept, and how many are taken. */
class TaskExpiryIT {

    @Test
    void taskIsKeptForItsTtlOrTheRetentionPeriodWhicheverEndsLater() throws Exception {
        try (TestServer server = TestServer.start(
                        WebApplicationType.SERVLET,
                        TaskTools.Config.class,
                        "spring.ai.mcp.server.protocol=STREAMABLE",
                        "async.mcp.retention-period=300ms",
                        "async.mcp.cleanup-interval=100ms");
                TaskWire client = TaskWire.connect(server)) {
            String kept = start(client, 600_000);
            String gone = start(client, 1);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            assertThat(client.errorCode("tasks/get", id(gone))).isEqualTo(-32602));
            assertThat(client.status(kept)).isEqualTo("completed");
        }
    }

    private static String start(TaskWire client, long ttl) throws Exception {
        return client.result("tools/call", call("quick", "{}", "{\"ttl\": " + ttl + "}"))
                .path("task")
                .path("taskId")
                .asString();
    }

    @Test
    void callsOverTheLimitAreToldWhenToTryAgain() throws Exception {
        try (TestServer server = TestServer.start(
                        WebApplicationType.SERVLET,
                        TaskTools.Config.class,
                        "spring.ai.mcp.server.protocol=STREAMABLE",
                        "async.mcp.limits.max-running=1",
                        "async.mcp.limits.max-queued=0");
                TaskWire client = TaskWire.connect(server)) {
            client.start("held", "{\"name\": \"first\"}");
            JsonNode busy = client.error("tools/call", call("held", "{\"name\": \"second\"}", "{}"));
            assertThat(busy.path("code").asInt()).isEqualTo(-32603);
            assertThat(busy.path("message").asString()).contains("busy");
            assertThat(busy.path("data").path("retryAfterSeconds").asLong()).isPositive();
        }
    }

    @Test
    void faceCanBeSwitchedOff() throws Exception {
        try (TestServer server = TestServer.start(
                        WebApplicationType.SERVLET,
                        TaskTools.Config.class,
                        "spring.ai.mcp.server.protocol=STREAMABLE",
                        "async.mcp.tasks.enabled=false",
                        "logging.level.io.modelcontextprotocol=off");
                TaskWire client = TaskWire.connect(server)) {
            assertThat(client.initialized().path("capabilities").has("tasks")).isFalse();
            assertThat(client.result("tools/list", "{}").toString()).doesNotContain("taskSupport");
            assertThat(client.errorCode("tasks/get", id("a".repeat(26)))).isEqualTo(-32601);
            assertThat(TaskWire.text(client.result("tools/call", call("quick", "{}", "{}"))))
                    .isEqualTo("quick");
        }
    }
}
