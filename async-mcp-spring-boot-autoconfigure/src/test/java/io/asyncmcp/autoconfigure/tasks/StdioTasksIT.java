package io.asyncmcp.autoconfigure.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.StdioChild;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** Tasks over stdio, where everything shares one stream and there is one caller. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StdioTasksIT {

    private StdioChild child;

    /** Everything that was read, in its order. */
    private final List<JsonNode> seen = new ArrayList<>();

    @SpringBootApplication(scanBasePackages = "none")
    @Import(TaskTools.Config.class)
    static class Server {

        public static void main(String[] args) {
            StdioChild.serve(Server.class, args);
        }
    }

    @BeforeEach
    void start() throws Exception {
        child = StdioChild.start(Server.class);
    }

    @AfterEach
    void stop() throws Exception {
        child.close();
    }

    private void request(int id, String method, String params) throws IOException {
        child.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    private JsonNode readUntil(Predicate<JsonNode> wanted) throws IOException {
        while (true) {
            JsonNode message = child.next();
            seen.add(message);
            if (wanted.test(message)) {
                return message;
            }
        }
    }

    /** A task that is quick may tell before the response that made it is out. */
    private void untilTold(Predicate<JsonNode> wanted) throws IOException {
        if (seen.stream().noneMatch(wanted)) {
            readUntil(wanted);
        }
    }

    private JsonNode response(int id) throws IOException {
        return readUntil(message -> !message.has("method") && message.path("id").asInt(-1) == id);
    }

    private List<JsonNode> told(String method) {
        return seen.stream()
                .filter(message -> message.path("method").asString("").equals(method))
                .map(message -> message.path("params"))
                .toList();
    }

    @Test
    void taskFromTheCallToItsResult() throws Exception {
        request(
                0,
                "initialize",
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"elicitation\":{}},"
                        + "\"clientInfo\":{\"name\":\"stdio\",\"version\":\"1\"}}");
        JsonNode tasks = response(0).path("result").path("capabilities").path("tasks");
        assertThat(tasks.has("list")).as("there is one caller").isTrue();
        child.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

        request(1, "tools/call", TaskWire.call("asks", "{}", "{}"));
        String taskId = response(1).path("result").path("task").path("taskId").asString();
        assertThat(taskId).hasSize(26);
        untilTold(message -> message.path("method").asString("").equals("notifications/tasks/status")
                && message.path("params").path("status").asString().equals("input_required"));

        request(2, "tasks/list", "{}");
        assertThat(response(2)
                        .path("result")
                        .path("tasks")
                        .path(0)
                        .path("taskId")
                        .asString())
                .isEqualTo(taskId);

        request(3, "tasks/result", TaskWire.id(taskId));
        JsonNode question = readUntil(message -> message.has("method") && message.has("id"));
        assertThat(TaskWire.related(question.path("params"))).isEqualTo(taskId);
        child.say("{\"jsonrpc\":\"2.0\",\"id\":" + question.path("id")
                + ",\"result\":{\"action\":\"accept\",\"content\":{\"yes\":true}}}");
        JsonNode result = response(3).path("result");
        assertThat(TaskWire.text(result)).isEqualTo("answered: accept");
        assertThat(TaskWire.related(result)).isEqualTo(taskId);
        assertThat(told("notifications/progress")).isNotEmpty().allSatisfy(progress -> {
            assertThat(progress.path("progressToken").asString()).isEqualTo("token-asks");
            assertThat(TaskWire.related(progress)).isEqualTo(taskId);
        });

        request(4, "tasks/cancel", TaskWire.id(taskId));
        assertThat(response(4).path("error").path("code").asInt()).isEqualTo(-32602);
        request(5, "tools/call", TaskWire.call("plain", "{}", "{}"));
        assertThat(response(5).path("error").path("code").asInt()).isEqualTo(-32601);
    }
}
