package io.asyncmcp.conformance;

import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.PromptMessage;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Tools that change what the server has. Every other call takes back what the one before it added. */
@Component
final class ChangingTools {

    static final String PASSING = "test_passing";

    private static final TextContent TEXT = TextContent.builder("Here today").build();

    /** Not there yet when tools are made. */
    private final ObjectProvider<McpSyncServer> server;

    ChangingTools(ObjectProvider<McpSyncServer> server) {
        this.server = server;
    }

    @McpTool(name = "test_trigger_tool_change", description = "Adds a tool, or removes it again")
    public synchronized String changeTools() {
        McpSyncServer server = this.server.getObject();
        if (server.listTools().stream().anyMatch(tool -> tool.name().equals(PASSING))) {
            server.removeTool(PASSING);
            return "Removed a tool";
        }
        server.addTool(SyncToolSpecification.builder()
                .tool(Tool.builder(PASSING, Map.of("type", "object"))
                        .description("Comes and goes")
                        .build())
                .callHandler((exchange, request) ->
                        CallToolResult.builder().content(List.of(TEXT)).build())
                .build());
        return "Added a tool";
    }

    @McpTool(name = "test_trigger_prompt_change", description = "Adds a prompt, or removes it again")
    public synchronized String changePrompts() {
        McpSyncServer server = this.server.getObject();
        if (server.listPrompts().stream().anyMatch(prompt -> prompt.name().equals(PASSING))) {
            server.removePrompt(PASSING);
            return "Removed a prompt";
        }
        Prompt prompt = Prompt.builder(PASSING).description("Comes and goes").build();
        server.addPrompt(new SyncPromptSpecification(
                prompt,
                (exchange, request) -> GetPromptResult.builder(
                                List.of(PromptMessage.builder(Role.USER, TEXT).build()))
                        .build()));
        return "Added a prompt";
    }
}
