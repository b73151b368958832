package io.asyncmcp.autoconfigure.owner;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What belongs to one person does not exist for another. */
@ParameterizedClass
@CsvSource({"SERVLET, STREAMABLE", "SERVLET, SSE", "REACTIVE, STREAMABLE", "REACTIVE, SSE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnershipIT {

    private static final String UNKNOWN = "a".repeat(26);

    @Parameter(0)
    WebApplicationType web;

    private TestServer server;

    @Parameter(1)
    String protocol;

    private McpSyncClient connect(String name) {
        return protocol.equals("SSE") ? Users.connectBySse(server, name) : Users.connect(server, name);
    }

    @Configuration(proxyBeanMethods = false)
    static class App {

        @Bean
        HeldTools heldTools() {
            return new HeldTools();
        }
    }

    static class HeldTools {

        final Semaphore released = new Semaphore(0);

        @AsyncTool(timeout = "0s")
        String held(OperationContext context) throws InterruptedException {
            released.acquire();
            return "for " + context.owner().name();
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                App.class,
                Users.withNamedStrangers(web),
                "spring.ai.mcp.server.protocol=" + protocol,
                "async.mcp.cancel-tool.enabled=true",
                "async.mcp.list-tool.enabled=true");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    private static String hold(McpSyncClient client) {
        return (String) structured(call(client, "held", Map.of())).get("operation_id");
    }

    private static CallToolResult comeBack(McpSyncClient client, String id) {
        return call(client, "continue_operation", Map.of("operation_id", id, "wait_time", 0));
    }

    private static List<Object> listed(McpSyncClient client) {
        List<?> operations =
                (List<?>) structured(call(client, "list_operations", Map.of())).get("operations");
        return operations.stream()
                .<Object>map(operation -> ((Map<?, ?>) operation).get("operation_id"))
                .toList();
    }

    private static void knowsNothingOf(McpSyncClient client, String id) {
        assertThat(comeBack(client, id)).isEqualTo(comeBack(client, UNKNOWN));
        assertThat(text(comeBack(client, id))).contains("No operation is known");
        assertThat(call(client, "cancel_operation", Map.of("operation_id", id)))
                .isEqualTo(call(client, "cancel_operation", Map.of("operation_id", UNKNOWN)));
        assertThat(listed(client)).doesNotContain(id);
    }

    @Test
    void operationOfOnePersonDoesNotExistForAnother() {
        try (McpSyncClient alice = connect("alice");
                McpSyncClient bob = connect("bob");
                McpSyncClient nobody = connect("")) {
            String id = hold(alice);
            knowsNothingOf(bob, id);
            knowsNothingOf(nobody, id);
            assertThat(listed(alice)).contains(id);
            assertThat(structured(comeBack(alice, id))).containsEntry("status", "processing");
        }
    }

    @Test
    void personFindsTheirOperationInAnotherSession() {
        String id;
        try (McpSyncClient alice = connect("alice")) {
            id = hold(alice);
        }
        try (McpSyncClient alice = connect("alice")) {
            assertThat(listed(alice)).contains(id);
            CallToolResult cancelled = call(alice, "cancel_operation", Map.of("operation_id", id));
            assertThat(structured(cancelled)).containsEntry("status", "cancelled");
        }
    }

    @Test
    void ownerIsTheAuthenticatedPrincipal() {
        try (McpSyncClient bob = connect("bob")) {
            String id = hold(bob);
            server.bean(HeldTools.class).released.release(1000);
            CallToolResult result = call(bob, "continue_operation", Map.of("operation_id", id, "wait_time", 15));
            assertThat(text(result)).isEqualTo("for bob");
            server.bean(HeldTools.class).released.drainPermits();
        }
    }

    @Test
    void strangersOperationIsReachableByItsIdButNotListedElsewhere() {
        try (McpSyncClient stranger = connect("");
                McpSyncClient other = connect("")) {
            String id = hold(stranger);
            assertThat(listed(stranger)).contains(id);
            assertThat(listed(other)).doesNotContain(id);
            assertThat(structured(comeBack(other, id))).containsEntry("status", "processing");
        }
    }
}
