package io.asyncmcp.autoconfigure.transport;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.springframework.context.annotation.Bean;

/** What a slow tool does for a client, over every transport and on every kind of server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SlowToolContract {

    McpSyncClient client;

    static class Tools {

        @Bean
        SlowTools slowTools() {
            return new SlowTools();
        }
    }

    static class SlowTools {

        record Report(String name, int words) {}

        @AsyncTool(name = "slow", description = "Takes its time", timeout = "200ms")
        String slow(String name, int millis, OperationContext context) throws InterruptedException {
            context.progress(1, 2.0, "half way");
            Thread.sleep(millis);
            return "done: " + name;
        }

        @AsyncTool(name = "report", description = "Reports", timeout = "200ms", generateOutputSchema = true)
        Report report(String name, int millis) throws InterruptedException {
            Thread.sleep(millis);
            return new Report(name, name.length());
        }

        @AsyncTool(name = "broken", timeout = "200ms")
        String broken(int millis) throws InterruptedException {
            Thread.sleep(millis);
            throw new IllegalStateException("the printer is on fire");
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        client = open();
    }

    @AfterParameterizedClassInvocation
    void stop() {
        client.close();
        shut();
    }

    /** Starts the server and connects to it. */
    abstract McpSyncClient open();

    /** Stops the server, if it does not end with its client. */
    abstract void shut();

    @Test
    void publishesTheToolsAndTheWayBack() {
        assertThat(client.listTools().tools()).extracting(Tool::name).contains("slow", "continue_operation");
    }

    @Test
    void operationContextIsNoArgument() {
        Tool slow = client.listTools().tools().stream()
                .filter(tool -> tool.name().equals("slow"))
                .findFirst()
                .orElseThrow();
        assertThat(slow.inputSchema().toString()).contains("name", "millis").doesNotContain("context");
    }

    @Test
    void answersAtOnceWhatEndsInTime() {
        CallToolResult result = call(client, "slow", Map.of("name", "a", "millis", 0));
        assertThat(text(result)).isEqualTo("done: a");
        assertThat(result.isError()).isNotEqualTo(true);
    }

    @Test
    void handsOutAHandleAndLaterTheResult() {
        CallToolResult processing = call(client, "slow", Map.of("name", "b", "millis", 1500));
        assertThat(structured(processing))
                .containsEntry("status", "processing")
                .containsEntry("operation_type", "slow");
        String id = (String) structured(processing).get("operation_id");
        assertThat(text(processing)).contains(id, "continue_operation");
        CallToolResult result = call(client, "continue_operation", Map.of("operation_id", id, "wait_time", 10));
        assertThat(text(result)).isEqualTo("done: b");
        assertThat(call(client, "continue_operation", Map.of("operation_id", id)))
                .isEqualTo(result);
    }

    @Test
    void typedResultComesBackAsTheToolReturnedIt() {
        CallToolResult processing = call(client, "report", Map.of("name", "abc", "millis", 800));
        assertThat(structured(processing)).containsEntry("status", "processing");
        CallToolResult result = call(
                client,
                "continue_operation",
                Map.of("operation_id", structured(processing).get("operation_id")));
        assertThat(structured(result)).containsEntry("name", "abc").containsEntry("words", 3);
        assertThat(structured(call(client, "report", Map.of("name", "abcd", "millis", 0))))
                .containsEntry("words", 4);
    }

    @Test
    void failureInTheBackgroundIsTold() {
        CallToolResult processing = call(client, "broken", Map.of("millis", 600));
        CallToolResult result = call(
                client,
                "continue_operation",
                Map.of("operation_id", structured(processing).get("operation_id")));
        assertThat(result.isError()).isTrue();
        assertThat(text(result))
                .contains("broken failed", "the printer is on fire")
                .doesNotContain("\tat ");
    }

    @Test
    void unknownIdIsAClearError() {
        CallToolResult result = call(client, "continue_operation", Map.of("operation_id", "0".repeat(26)));
        assertThat(result.isError()).isTrue();
        assertThat(text(result)).contains("No operation is known");
    }
}
