package io.asyncmcp.sample.echo;

import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.McpTool.McpAnnotations;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.stereotype.Component;

/** Says what it is told. */
@Component
public final class EchoTool {

    @McpTool(
            name = "echo",
            description = "Returns the message unchanged, at once.",
            annotations =
                    @McpAnnotations(
                            readOnlyHint = true,
                            destructiveHint = false,
                            idempotentHint = true,
                            openWorldHint = false))
    public String echo(@McpToolParam(description = "What to say back") String message) {
        return message;
    }
}
