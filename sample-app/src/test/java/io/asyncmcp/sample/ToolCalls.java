package io.asyncmcp.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.util.Map;

/** Calls tools as a patient client does, and reads the answers. */
final class ToolCalls {

    private ToolCalls() {}

    static CallToolResult call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        return client.callTool(CallToolRequest.builder(tool)
                .arguments(arguments)
                .progressToken(tool)
                .build());
    }

    /** Comes back for the result as long as the answer is that the work goes on. */
    static CallToolResult follow(McpSyncClient client, CallToolResult first) {
        if (!isProcessing(first)) {
            return first;
        }
        Map<String, Object> arguments = Map.of("operation_id", operationId(first), "wait_time", 5);
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> call(client, "continue_operation", arguments), answer -> !isProcessing(answer));
    }

    static boolean isProcessing(CallToolResult result) {
        return result.structuredContent() instanceof Map<?, ?> structured
                && "processing".equals(structured.get("status"));
    }

    static String operationId(CallToolResult result) {
        return (String) structured(result).get("operation_id");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> structured(CallToolResult result) {
        assertThat(result.structuredContent()).isInstanceOf(Map.class);
        return (Map<String, Object>) result.structuredContent();
    }

    static String text(CallToolResult result) {
        return ((TextContent) result.content().get(0)).text();
    }
}
