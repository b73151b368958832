package io.asyncmcp.sample.client;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came back from a tool call: a result, a handle for one, or an error.
 *
 * @param result the answer as the SDK gives it
 */
record Answer(CallToolResult result) {

    /** Tells whether the work goes on and {@link #operationId()} is the way back to it. */
    boolean isProcessing() {
        return "processing".equals(field("status"));
    }

    /** Tells whether the server has no room at the moment. */
    boolean isBusy() {
        return "busy".equals(field("status"));
    }

    boolean isError() {
        return Boolean.TRUE.equals(result.isError());
    }

    String operationId() {
        return String.valueOf(field("operation_id"));
    }

    /** Returns a number that the server gave, such as {@code elapsed_seconds}, or what to take if it gave none. */
    double number(String name, double otherwise) {
        return field(name) instanceof Number number ? number.doubleValue() : otherwise;
    }

    String text() {
        return result.content().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .collect(Collectors.joining("\n"));
    }

    /**
     * Returns the first picture.
     *
     * @throws IllegalStateException if there is none
     */
    byte[] image() {
        return result.content().stream()
                .filter(ImageContent.class::isInstance)
                .map(content -> Base64.getDecoder().decode(((ImageContent) content).data()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the answer has no picture, but said: " + text()));
    }

    @Nullable
    Object field(String name) {
        return result.structuredContent() instanceof Map<?, ?> structured ? structured.get(name) : null;
    }
}
