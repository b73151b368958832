package io.asyncmcp.autoconfigure.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.StdioChild;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Protocol 2026-07-28 over stdio, where everything shares one stream, requests of earlier versions included. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StdioModernIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StdioChild child;

    /** Everything that was read, in its order. */
    private final List<JsonNode> seen = new ArrayList<>();

    @SpringBootApplication(scanBasePackages = "none")
    @Import(ModernTools.SyncConfig.class)
    static class Server {

        public static void main(String[] args) {
            StdioChild.serve(
                    Server.class,
                    args,
                    "spring.ai.mcp.server.annotation-scanner.enabled=true",
                    "async.mcp.tasks.inline-wait=200ms");
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

    private void say(Map<String, ?> message) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>(Map.of("jsonrpc", "2.0"));
        all.putAll(message);
        child.say(JSON.writeValueAsString(all));
    }

    private void request(int id, String method, Map<String, ?> params) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>(params);
        all.put(
                "_meta",
                Map.of(
                        "io.modelcontextprotocol/protocolVersion",
                        "2026-07-28",
                        "io.modelcontextprotocol/clientCapabilities",
                        JSON.readTree(ModernWire.EVERYTHING)));
        say(Map.of("id", id, "method", method, "params", all));
    }

    private JsonNode readUntil(Predicate<JsonNode> wanted) throws IOException {
        while (true) {
            for (JsonNode message : seen) {
                if (wanted.test(message)) {
                    return message;
                }
            }
            seen.add(child.next());
        }
    }

    private JsonNode response(int id) throws IOException {
        return readUntil(message -> !message.has("method") && message.path("id").asInt(-1) == id);
    }

    private JsonNode told(String method) throws IOException {
        return readUntil(message -> message.path("method").asString("").equals(method));
    }

    @Test
    void firstRequestNeedsNoIntroduction() throws Exception {
        request(1, "server/discover", Map.of());
        JsonNode described = response(1).path("result");
        assertThat(described.path("supportedVersions").path(0).asString()).isEqualTo("2026-07-28");
        assertThat(described.path("_meta").has("io.modelcontextprotocol/serverInfo"))
                .isTrue();

        request(2, "tools/list", Map.of());
        assertThat(response(2).path("result").toString()).contains("plain_ask", "\"resultType\":\"complete\"");
        request(3, "ping", Map.of());
        assertThat(response(3).path("error").path("code").asInt()).isEqualTo(-32601);
        say(Map.of("id", 4, "method", "server/discover", "params", Map.of()));
        assertThat(response(4).path("error").path("code").asInt()).isEqualTo(-32602);
        say(Map.of(
                "id",
                5,
                "method",
                "tools/list",
                "params",
                Map.of(
                        "_meta",
                        Map.of(
                                "io.modelcontextprotocol/protocolVersion",
                                "2099-01-01",
                                "io.modelcontextprotocol/clientCapabilities",
                                Map.of()))));
        assertThat(response(5).path("error").path("code").asInt()).isEqualTo(-32022);
    }

    @Test
    void questionIsARoundTripAndNoRequestOfTheServer() throws Exception {
        Map<String, Object> call = Map.of("name", "plain_ask", "arguments", Map.of());
        request(1, "tools/call", call);
        JsonNode asked = response(1).path("result");
        assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
        Map<String, Object> again = new LinkedHashMap<>(call);
        again.put("requestState", asked.path("requestState").asString());
        again.put("inputResponses", ModernWire.answers(asked, ModernWire.accept("name", "Ada")));
        request(2, "tools/call", again);

        assertThat(ModernWire.text(response(2).path("result"))).isEqualTo("Hello Ada, start 1");
        assertThat(seen).noneMatch(message -> message.has("id") && message.has("method"));
    }

    @Test
    void cancelledRequestIsStoppedAndNotAnswered() throws Exception {
        request(1, "tools/call", Map.of("name", "plain_hold", "arguments", Map.of("name", "x")));
        request(2, "tools/call", Map.of("name", "held_long", "arguments", Map.of("name", "y")));
        String task = response(2).path("result").path("taskId").asString();
        say(Map.of("method", "notifications/cancelled", "params", Map.of("requestId", 1)));
        say(Map.of("method", "notifications/cancelled", "params", Map.of("requestId", 2)));
        request(3, "tasks/get", Map.of("taskId", task));

        assertThat(response(3).path("result").path("status").asString())
                .as("its request was answered before, with a task")
                .isEqualTo("working");
        request(4, "tools/call", Map.of("name", "plain_talk", "arguments", Map.of()));
        response(4);
        assertThat(seen).noneMatch(message -> message.path("id").asInt(-1) == 1);
    }

    @Test
    void listenerSharesTheStreamUnderItsId() throws Exception {
        request(1, "tools/call", Map.of("name", "held_long", "arguments", Map.of("name", "z")));
        String task = response(1).path("result").path("taskId").asString();
        request(7, "subscriptions/listen", Map.of("notifications", Map.of("taskIds", List.of(task))));
        JsonNode acknowledged = told("notifications/subscriptions/acknowledged").path("params");
        assertThat(acknowledged
                        .path("_meta")
                        .path("io.modelcontextprotocol/subscriptionId")
                        .asInt())
                .isEqualTo(7);
        request(8, "tasks/cancel", Map.of("taskId", task));

        JsonNode cancelled =
                readUntil(message -> message.path("method").asString("").equals("notifications/tasks")
                        && message.path("params").path("status").asString().equals("cancelled"));
        assertThat(cancelled
                        .path("params")
                        .path("_meta")
                        .path("io.modelcontextprotocol/subscriptionId")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void earlierVersionsAreServedInTheSameProcess() throws Exception {
        request(1, "server/discover", Map.of());
        response(1);
        say(Map.of(
                "id",
                2,
                "method",
                "initialize",
                "params",
                Map.of(
                        "protocolVersion",
                        "2025-11-25",
                        "capabilities",
                        Map.of(),
                        "clientInfo",
                        Map.of("name", "earlier", "version", "1"))));
        assertThat(response(2).path("result").path("protocolVersion").asString())
                .isEqualTo("2025-11-25");
        say(Map.of("method", "notifications/initialized"));
        say(Map.of("id", 3, "method", "tools/call", "params", Map.of("name", "plain_talk", "arguments", Map.of())));
        JsonNode result = response(3).path("result");
        assertThat(ModernWire.text(result)).isEqualTo("talked");
        assertThat(result.has("resultType")).isFalse();
        request(4, "tools/call", Map.of("name", "plain_talk", "arguments", Map.of()));
        assertThat(response(4).path("result").path("resultType").asString()).isEqualTo("complete");

        request(5, "tools/call", Map.of("name", "held_long", "arguments", Map.of("name", "later")));
        String task = response(5).path("result").path("taskId").asString();
        request(6, "tasks/get", Map.of("taskId", task));
        assertThat(response(6).path("result").has("ttlMs"))
                .as("in the version of its request, not in that of the session")
                .isTrue();
    }
}
