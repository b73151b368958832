package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.id;
import static io.asyncmcp.autoconfigure.badinput.RawClient.isError;
import static io.asyncmcp.autoconfigure.badinput.RawClient.operationId;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationIds;
import io.asyncmcp.autoconfigure.owner.Users;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import tools.jackson.databind.JsonNode;

/** Ids that lead nowhere, and waits that make no sense. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperationIdIT {

    private static final String UNKNOWN = "0".repeat(26);

    private TestServer server;

    private RawClient alice;

    private RawClient bob;

    static class Tools extends Users.PlainPasswords {

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice").password("a").build(),
                    User.withUsername("bob").password("b").build());
        }

        @Bean
        LatchTools latchTools() {
            return new LatchTools();
        }
    }

    static class LatchTools {

        private final CountDownLatch released = new CountDownLatch(1);

        @AsyncTool(name = "held", timeout = "50ms")
        String held() throws InterruptedException {
            released.await(1, TimeUnit.MINUTES);
            return "released";
        }

        @AsyncTool(name = "brief", timeout = "50ms")
        String brief() throws InterruptedException {
            Thread.sleep(200);
            return "secret of alice";
        }
    }

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start(
                WebApplicationType.SERVLET,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.cancel-tool.enabled=true",
                "async.mcp.list-tool.enabled=true",
                "async.mcp.retention-period=300ms");
        alice = new RawClient(server, "Authorization", basic("alice:a")).initialized();
        bob = new RawClient(server, "Authorization", basic("bob:b")).initialized();
    }

    private static String basic(String credentials) {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    void stop() {
        server.bean(LatchTools.class).released.countDown();
        server.close();
    }

    static Stream<Map<String, Object>> noId() {
        return Stream.of(
                Map.of(),
                Map.of("operation_id", 5),
                Map.of("operation_id", true),
                Map.of("operation_id", List.of(UNKNOWN)),
                Map.of("operation_id", Map.of("id", UNKNOWN)),
                Map.of("operation_id", ""),
                Map.of("operation_id", " \t"));
    }

    @ParameterizedTest
    @MethodSource("noId")
    void missingOrMistypedIdIsNamed(Map<String, Object> arguments) throws Exception {
        for (String tool : List.of("continue_operation", "cancel_operation")) {
            JsonNode response = alice.call(tool, RawClient.json(arguments));
            assertThat(isError(response)).as(response.toString()).isTrue();
            assertThat(text(response)).contains("operation_id");
        }
    }

    @Test
    void nullArgumentsAreNoArguments() throws Exception {
        assertThat(text(alice.call("continue_operation", "null"))).contains("operation_id");
        assertThat(text(alice.call("cancel_operation", "null"))).contains("operation_id");
        assertThat(isError(alice.call("list_operations", "null"))).isFalse();
    }

    static Stream<String> malformedIds() {
        return Stream.of(
                "x",
                "x".repeat(10_000),
                // Minutes for a pattern that looks for quotes at the end from every start.
                "x" + "\"".repeat(300_000) + "x",
                "0".repeat(25) + "\u0000",
                "\r\n\u0007\u001b[31m",
                "0".repeat(25) + "i",
                "../../etc/passwd",
                "' OR 1=1 --",
                "\ud83d\ude00".repeat(13),
                "O".repeat(26));
    }

    @ParameterizedTest
    @MethodSource("malformedIds")
    void malformedIdIsAnsweredAsAnUnknownOne(String malformed) throws Exception {
        for (String tool : List.of("continue_operation", "cancel_operation")) {
            assertThat(answer(bob, tool, malformed)).isEqualTo(answer(bob, tool, UNKNOWN));
        }
    }

    @Test
    void foreignIdIsAnsweredAsAnUnknownOne() throws Exception {
        String id = operationId(alice.call("held", "{}"));
        for (String tool : List.of("continue_operation", "cancel_operation")) {
            String unknown = answer(bob, tool, OperationIds.next());
            assertThat(unknown).contains("No operation is known");
            assertThat(answer(bob, tool, id)).isEqualTo(unknown);
        }
        assertThat(text(bob.call("list_operations", "{}"))).doesNotContain(id).doesNotContain("held");
        assertThat(text(alice.call("list_operations", "{}"))).contains(id);
        JsonNode stillThere = alice.call("continue_operation", "{\"operation_id\": \"" + id + "\", \"wait_time\": 0}");
        assertThat(text(stillThere)).contains("still running");
        assertThat(text(alice.call("cancel_operation", id(id)))).contains("cancelled");
    }

    @Test
    void expiredIdIsAnsweredAsAnUnknownOne() throws Exception {
        String id = operationId(alice.call("brief", "{}"));
        assertThat(text(alice.call("continue_operation", id(id)))).isEqualTo("secret of alice");
        String unknown = answer(alice, "continue_operation", UNKNOWN);
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            server.bean(AsyncExecutor.class).cleanup();
            assertThat(answer(alice, "continue_operation", id)).isEqualTo(unknown);
        });
        assertThat(answer(alice, "cancel_operation", id)).isEqualTo(answer(alice, "cancel_operation", UNKNOWN));
        assertThat(text(alice.call("list_operations", "{}"))).doesNotContain(id);
    }

    /** Every byte of the HTTP body, and the status. */
    private static String answer(RawClient client, String tool, String operationId) throws Exception {
        var response = client.request(
                "tools/call", "{\"name\": \"" + tool + "\", \"arguments\": " + id(operationId) + "}", "1");
        RawClient.assertClean(response.body());
        return response.statusCode() + response.body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "-1e300", "0", "0.0001", "-0.0", "1e-300"})
    void waitThatIsNoneAnswersAtOnce(String wait) throws Exception {
        String id = operationId(alice.call("held", "{}"));
        JsonNode response = alice.call("continue_operation", waiting(id, wait));
        assertThat(isError(response)).isFalse();
        assertThat(operationId(response)).isEqualTo(id);
        alice.call("cancel_operation", id(id));
    }

    /** Whether such a number fits the schema is the SDK's affair, and depends on its version. */
    @Test
    void waitThatNoNumberTypeHoldsIsCutOrRefused() throws Exception {
        String id = operationId(alice.call("brief", "{}"));
        assertThat(text(alice.call("continue_operation", waiting(id, "1e99999"))))
                .matches("secret of alice|.*wait_time.*number.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e300", "9223372036854775807", "99999999999999999999999999", "1.5"})
    void waitBeyondAllMeasureIsCutToWhatTheResultNeeds(String wait) throws Exception {
        String id = operationId(alice.call("brief", "{}"));
        assertThat(text(alice.call("continue_operation", waiting(id, wait)))).isEqualTo("secret of alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"NaN\"", "\"Infinity\"", "\"30\"", "\"\"", "true", "[]", "{}"})
    void waitThatIsNoNumberIsRefused(String wait) throws Exception {
        JsonNode response = alice.call("continue_operation", waiting(UNKNOWN, wait));
        assertThat(isError(response)).isTrue();
        assertThat(text(response)).contains("wait_time");
    }

    @Test
    void nullWaitIsAnswered() throws Exception {
        assertThat(isError(alice.call("continue_operation", waiting(UNKNOWN, "null"))))
                .isTrue();
    }

    private static String waiting(String id, String wait) {
        return "{\"operation_id\": \"" + id + "\", \"wait_time\": " + wait + "}";
    }
}
