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

    /** Has an argument, as tools have: who describes the first one pays for all of the schema generator. */
    @McpTool(name = "echo", description = "Returns what it is given")
    String echo(int number) {
        return String.valueOf(number);
    }
}
