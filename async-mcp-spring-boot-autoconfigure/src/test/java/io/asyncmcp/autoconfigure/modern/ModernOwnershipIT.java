package io.asyncmcp.autoconfigure.modern;

import static io.asyncmcp.autoconfigure.modern.ModernWire.accept;
import static io.asyncmcp.autoconfigure.modern.ModernWire.answers;
import static io.asyncmcp.autoconfigure.modern.ModernWire.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.owner.Users;
import io.asyncmcp.autoconfigure.transport.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/** What one person has on the wire of 2026-07-28 does not exist for another. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModernOwnershipIT {

    private static final String UNKNOWN = "a".repeat(26);

    private static final Map<String, Object> ASK = Map.of("name", "plain_ask", "arguments", Map.of());

    @Parameter
    WebApplicationType web;

    private TestServer server;

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                ModernTools.SyncConfig.class,
                Users.on(web),
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.annotation-scanner.enabled=true",
                "async.mcp.tasks.inline-wait=200ms",
                "async.mcp.protocol.request-state-ttl=2s");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    private ModernWire connect(String user) {
        return new ModernWire(server, user, ModernWire.EVERYTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", ""})
    void taskOfOnePersonDoesNotExistForAnother(String other) {
        try (ModernWire alice = connect("alice");
                ModernWire stranger = connect(other)) {
            String id = alice.start("held_long", Map.of("name", "owned"));
            for (String method : List.of("tasks/get", "tasks/update", "tasks/cancel")) {
                Map<String, Object> ofAlice = Map.of("taskId", id, "inputResponses", Map.of());
                Map<String, Object> unknown = Map.of("taskId", UNKNOWN, "inputResponses", Map.of());
                assertThat(stranger.send(method, ofAlice).error())
                        .isEqualTo(stranger.send(method, unknown).error());
            }
            ModernWire.Sent listening =
                    stranger.send("subscriptions/listen", Map.of("notifications", Map.of("taskIds", List.of(id))));
            listening.awaitTold("notifications/subscriptions/acknowledged", 1);
            assertThat(listening
                            .notifications
                            .get(0)
                            .path("params")
                            .path("notifications")
                            .isEmpty())
                    .isTrue();
            alice.send("tasks/cancel", Map.of("taskId", id)).result();
            assertThat(alice.awaitTask(id, "cancelled").path("taskId").asString())
                    .isEqualTo(id);
            assertThat(listening.told("notifications/tasks")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", ""})
    void questionToOnePersonIsNotAnsweredByAnother(String other) {
        try (ModernWire alice = connect("alice");
                ModernWire stranger = connect(other)) {
            JsonNode asked = alice.send("tools/call", ASK).result();
            Map<String, Object> answers = answers(asked, accept("name", "Mallory"));

            JsonNode error = stranger.retry("tools/call", ASK, asked, answers).error();

            assertThat(error.path("code").asInt()).isEqualTo(-32602);
            assertThat(text(alice.retry("tools/call", ASK, asked, answers(asked, accept("name", "Alice")))
                            .result()))
                    .startsWith("Hello Alice");
        }
    }

    @Test
    void questionToAStrangerIsAnsweredByWhoeverHasItsState() {
        try (ModernWire one = connect("");
                ModernWire other = connect("")) {
            JsonNode asked = one.send("tools/call", ASK).result();

            assertThat(text(other.retry("tools/call", ASK, asked, answers(asked, accept("name", "Nobody")))
                            .result()))
                    .startsWith("Hello Nobody");
        }
    }

    @Test
    void requestStateExpires() {
        try (ModernWire alice = connect("alice")) {
            JsonNode asked = alice.send("tools/call", ASK).result();
            Map<String, Object> misfits = answers(asked, accept("age", 1));

            // As long as it is good, answers that do not fit are refused for what they are.
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(alice.retry("tools/call", ASK, asked, misfits)
                                    .error()
                                    .path("message")
                                    .asString())
                            .startsWith("requestState is not valid"));
        }
    }
}
