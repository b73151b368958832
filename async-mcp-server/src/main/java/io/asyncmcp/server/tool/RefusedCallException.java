package io.asyncmcp.server.tool;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;

/**
 * A call was refused before anything was started.
 *
 * @since 0.1.0
 */
public final class RefusedCallException extends RuntimeException {

    private final transient CallToolResult answer;

    RefusedCallException(CallToolResult answer) {
        super("the call was refused", null, false, false);
        this.answer = answer;
    }

    /** Returns what the model is told. */
    public CallToolResult answer() {
        return answer;
    }
}
