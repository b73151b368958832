package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.concurrent.CompletionStage;

/** Answers calls of one tool without holding a thread. */
@FunctionalInterface
interface ToolCallHandler {

    /**
     * Answers a call.
     *
     * @return a stage that ends with the answer; what goes wrong is an answer too
     */
    CompletionStage<CallToolResult> handle(ToolCall call);

    /**
     * Starts the operation of a call, and waits for nothing.
     *
     * @throws RefusedCallException if the call is not what it should be
     */
    default OperationCalls.Started submit(ToolCall call) {
        throw new UnsupportedOperationException(call.request().name() + " starts no operations");
    }
}
