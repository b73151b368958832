package io.asyncmcp.soak.client;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The result of a tool's call: the tool's own, or one of the library's answers.
 *
 * @param text its first text
 * @param isError whether it says that it is an error
 * @param status what the library says, or nothing if the tool is speaking
 * @param operationId the handle in it, or nothing
 */
record Reply(String text, boolean isError, String status, String operationId) {

    static Reply of(CallToolResult result) {
        String text = !result.content().isEmpty() && result.content().get(0) instanceof TextContent first
                ? String.valueOf(first.text())
                : "";
        Map<?, ?> structured = result.structuredContent() instanceof Map<?, ?> map ? map : Map.of();
        return new Reply(
                text,
                Boolean.TRUE.equals(result.isError()),
                string(structured.get("status")),
                string(structured.get("operation_id")));
    }

    static Reply of(JsonNode result) {
        JsonNode structured = result.path("structuredContent");
        return new Reply(
                result.path("content").path(0).path("text").asString(""),
                result.path("isError").asBoolean(false),
                structured.path("status").asString(""),
                structured.path("operation_id").asString(""));
    }

    private static String string(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    boolean isProcessing() {
        return status.equals("processing");
    }

    boolean isBusy() {
        return status.equals("busy");
    }

    boolean isUnknown() {
        return isError && text.startsWith("No operation is known");
    }
}
