package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.concurrent.CompletionStage;

/** Answers calls of one tool without holding a thread. */
@FunctionalInterface
interface ToolCallHandler {

    /** Ends with the answer to a call; failures are answers too. */
    CompletionStage<CallToolResult> handle(ToolCall call);

    /** Starts the operation of a call without waiting; throws {@link RefusedCallException} if the call is not what it should be. */
    default OperationCalls.Started submit(ToolCall call) {
        throw new UnsupportedOperationException(call.request().name() + " starts no operations");
    }
}
