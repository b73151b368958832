package io.asyncmcp.autoconfigure.modern;

import static io.asyncmcp.autoconfigure.modern.ModernWire.accept;
import static io.asyncmcp.autoconfigure.modern.ModernWire.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What a client of protocol 2026-07-28 gets from a server whose handlers know nothing of their clients. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatelessModernIT {

    @Parameter
    WebApplicationType web;

    private TestServer server;

    private ModernTools held;

    private ModernWire client;

    /** The methods that a stateless server takes. */
    static class Tools {

        private final ModernTools held;

        Tools(ModernTools held) {
            this.held = held;
        }

        @McpTool(name = "plain")
        public String plain(String name) {
            return held.hold(name);
        }

        @McpPrompt(name = "prompt")
        public String prompt() {
            return "a prompt";
        }

        @AsyncTool(name = "asks")
        String asks(OperationContext context) throws Exception {
            return "got "
                    + context.requestInput("name", "elicitation/create", ModernTools.question("Who?"))
                            .toCompletableFuture()
                            .get();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Config {

        @Bean
        ModernTools heldTools() {
            return new ModernTools();
        }

        @Bean
        Tools statelessTools(ModernTools held) {
            return new Tools(held);
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                Config.class,
                "spring.ai.mcp.server.protocol=STATELESS",
                "async.mcp.tasks.inline-wait=200ms",
                "async.mcp.list-tool.enabled=true",
                "async.mcp.heartbeat-interval=1s",
                "logging.level.io.modelcontextprotocol=off");
        held = server.bean(ModernTools.class);
        client = new ModernWire(server, ModernWire.EVERYTHING);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void serverDescribesItselfAndWhatItHas() {
        JsonNode described = client.send("server/discover", Map.of()).result();
        assertThat(described.path("supportedVersions").path(0).asString()).isEqualTo("2026-07-28");
        assertThat(described.path("capabilities").path("extensions").has("io.modelcontextprotocol/tasks"))
                .isTrue();
        assertThat(client.send("tools/list", Map.of()).result().toString())
                .contains("\"plain\"", "\"asks\"", "\"continue_operation\"")
                // Each request of an anonymous caller is a caller of its own.
                .doesNotContain("\"list_operations\"");
        assertThat(new Caller(server, "").legacy("tools/list", Map.of()).body())
                .contains("\"continue_operation\"")
                .doesNotContain("\"list_operations\"");
        assertThat(client.send("prompts/get", Map.of("name", "prompt")).result().toString())
                .contains("a prompt");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(client.send("resources/read", Map.of("uri", "test://unknown"))
                        .error()
                        .path("code")
                        .asInt())
                .isEqualTo(-32602);
        assertThat(client.send("logging/setLevel", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void plainToolWaitsOnAThreadOfItsOwnAndIsCancelledWithItsRequest() {
        ModernWire.Sent sent = client.call("plain", Map.of("name", "stateless"));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sent.comments.get()).isPositive());

        sent.vanish();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(held.ends.get("stateless")).isEqualTo("interrupted"));
    }

    @Test
    void asynchronousToolsBecomeTasks() {
        String id = client.start("held_long", Map.of("name", "task"));
        held.release("task");
        assertThat(text(client.awaitTask(id, "completed").path("result"))).isEqualTo("released task");
    }

    @Test
    void asynchronousToolsAsk() {
        Map<String, Object> call = Map.of("name", "asks", "arguments", Map.of());
        // Without tasks: the call could have become one before the question is there.
        try (ModernWire asking = new ModernWire(server, ModernWire.ANSWERS)) {
            JsonNode asked = asking.send("tools/call", call).result();
            assertThat(asked.path("inputRequests").propertyNames()).containsExactly("name");
            assertThat(text(asking.retry("tools/call", call, asked, Map.of("name", accept("name", "Ada")))
                            .result()))
                    .contains("Ada");
        }
    }

    @Test
    void listenerHearsOfTasksAlone() {
        String id = client.start("held_long", Map.of("name", "listened"));
        ModernWire.Sent listening = client.send(
                "subscriptions/listen",
                Map.of("notifications", Map.of("taskIds", List.of(id), "toolsListChanged", true)));
        listening.awaitTold("notifications/tasks", 1);
        assertThat(listening
                        .told("notifications/subscriptions/acknowledged")
                        .get(0)
                        .path("notifications")
                        .has("taskIds"))
                .isTrue();
        held.release("listened");

        listening.awaitTold("notifications/tasks", 2);
        assertThat(listening.told("notifications/tasks").get(1).path("status").asString())
                .isEqualTo("completed");
    }
}
