package io.asyncmcp.autoconfigure.tasks;

import static io.asyncmcp.autoconfigure.tasks.TaskWire.call;
import static io.asyncmcp.autoconfigure.tasks.TaskWire.id;
import static io.asyncmcp.autoconfigure.tasks.TaskWire.related;
import static io.asyncmcp.autoconfigure.tasks.TaskWire.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/** Tasks where a request has one reply and nothing else. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatelessTasksIT {

    @Parameter
    WebApplicationType web;

    private TestServer server;

    private TaskWire client;

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        server = TestServer.start(
                web,
                TaskTools.Config.class,
                "spring.ai.mcp.server.protocol=STATELESS",
                "async.mcp.stateless-wait-budget=2s",
                "logging.level.io.modelcontextprotocol=off");
        client = TaskWire.connect(server);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void tasksAreAnnounced() throws Exception {
        assertThat(client.initialized().path("capabilities").path("tasks").has("requests"))
                .isTrue();
        assertThat(client.result("tools/list", "{}").toString()).contains("\"taskSupport\":\"required\"");
    }

    @Test
    void taskIsStartedFoundAndFetched() throws Exception {
        String taskId = client.start("held", "{\"name\": \"a\"}");
        assertThat(client.status(taskId)).isEqualTo("working");
        TaskWire.Sent waiting = client.awaitResult(taskId);
        server.bean(TaskTools.class).release("a");
        JsonNode first = waiting.response();
        // On a slow machine the wait may be over before the tool is let go.
        JsonNode result = (first.has("error") ? client.awaitResult(taskId).response() : first).path("result");
        assertThat(text(result)).isEqualTo("held a");
        assertThat(related(result)).isEqualTo(taskId);
    }

    /** A client that has gone is not noticed, and must not be waited for as long as a task may run. */
    @Test
    void resultIsWaitedForForAWhile() throws Exception {
        String taskId = client.start("held", "{\"name\": \"c\"}");
        JsonNode error = client.awaitResult(taskId).response().path("error");
        assertThat(error.path("code").asInt()).isEqualTo(-32603);
        assertThat(error.path("message").asString()).startsWith("The task has not ended yet.");
        server.bean(TaskTools.class).release("c");
        await().atMost(Duration.ofSeconds(20)).until(() -> client.status(taskId).equals("completed"));
        assertThat(text(client.awaitResult(taskId).response().path("result"))).isEqualTo("held c");
    }

    @Test
    void taskIsCancelled() throws Exception {
        String taskId = client.start("held", "{\"name\": \"b\"}");
        assertThat(client.result("tasks/cancel", id(taskId)).path("status").asString())
                .isEqualTo("cancelled");
        assertThat(client.errorCode("tasks/cancel", id(taskId))).isEqualTo(-32602);
    }

    @Test
    void badInputIsRefused() throws Exception {
        assertThat(client.errorCode("tools/call", call("quick", "{}", "7"))).isEqualTo(-32602);
        assertThat(client.errorCode("tools/call", call("never_task", "{}", "{}")))
                .isEqualTo(-32601);
        assertThat(client.errorCode("tasks/get", "{}")).isEqualTo(-32602);
        assertThat(client.errorCode("tasks/list", "{}")).isEqualTo(-32601);
    }
}
