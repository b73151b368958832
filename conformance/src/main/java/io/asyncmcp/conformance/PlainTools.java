package io.asyncmcp.conformance;

import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;

/** Spring AI's own kind of tool, to see that it is left alone, also when it talks with its client. */
@Component
final class PlainTools {

    @McpTool(name = "test_simple_text", description = "Answers with a text")
    public String simpleText() {
        return "This is a simple text response for testing.";
    }

    @McpTool(name = "greet", description = "Greets")
    public String greet(@McpToolParam(description = "Whom to greet") String name) {
        return "Hello, " + name + "!";
    }

    @McpTool(name = "test_streaming_elicitation", description = "Reports its progress, and asks the user")
    public String progressAndElicitation(McpSyncRequestContext client) {
        client.progress(50);
        ElicitResult answer = client.elicit(Questions.name());
        client.progress(100);
        return "Hello, " + Questions.field(answer, "name") + "!";
    }

    @McpTool(name = "test_logging_tool", description = "Sends a log message")
    public String logging(McpSyncRequestContext client) {
        client.info("Tool execution started");
        return "Logged a message";
    }
}
