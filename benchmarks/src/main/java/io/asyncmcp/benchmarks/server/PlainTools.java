package io.asyncmcp.benchmarks.server;

import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.stereotype.Component;

/** Tools as Spring AI has them: the baseline. */
@Component
class PlainTools {

    @McpTool(name = "plain", description = "Does nothing")
    String plain() {
        return "done";
    }
}
