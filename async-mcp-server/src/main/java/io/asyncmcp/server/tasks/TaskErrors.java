package io.asyncmcp.server.tasks;

import io.asyncmcp.OperationNotFoundException;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.util.Map;

/** The JSON-RPC errors of tasks, with the codes the protocol rules. */
final class TaskErrors {

    private TaskErrors() {}

    static McpError invalid(String message) {
        return of(ErrorCodes.INVALID_PARAMS, message);
    }

    /** Unknown, expired and foreign tasks look alike. */
    static McpError notFound() {
        return invalid("Task not found. It may be unknown, or its ttl may be over.");
    }

    static McpError alreadyEnded(String status) {
        return invalid("Cannot cancel the task: it has ended already, as " + status + ".");
    }

    static McpError unknownMethod(String method) {
        return of(ErrorCodes.METHOD_NOT_FOUND, "Method not found: " + method);
    }

    /** {@code -32601} is what the protocol rules for a call whose kind the tool does not take. */
    static McpError forbidden(String toolName) {
        return of(
                ErrorCodes.METHOD_NOT_FOUND,
                "Tool " + toolName + " cannot be called as a task. Call it without \"task\" in the params.");
    }

    static McpError required(String toolName) {
        return of(
                ErrorCodes.METHOD_NOT_FOUND,
                "Tool " + toolName + " must be called as a task. Call it with \"task\" in the params.");
    }

    static McpError busy(String message, long retryAfterSeconds) {
        return McpError.builder(ErrorCodes.INTERNAL_ERROR)
                .message(message)
                .data(Map.of("retryAfterSeconds", retryAfterSeconds))
                .build();
    }

    static McpError notEnded() {
        return busy("The task has not ended yet. Look at it with tasks/get, and call tasks/result when it has.", 1);
    }

    /** Ends a request whose client has gone; it reaches nobody. */
    static McpError unheard() {
        return of(ErrorCodes.INTERNAL_ERROR, "Nobody waits for the result.");
    }

    static McpError unauthenticated() {
        return of(ErrorCodes.INVALID_REQUEST, "This request needs an authenticated caller.");
    }

    static McpError internal() {
        return of(ErrorCodes.INTERNAL_ERROR, "internal error");
    }

    /** What a client is told of what was thrown: no more than it should know. */
    static McpError of(Throwable error) {
        if (error instanceof McpError known) {
            return known;
        }
        if (error instanceof OperationNotFoundException) {
            return notFound();
        }
        return error instanceof SecurityException ? unauthenticated() : internal();
    }

    private static McpError of(int code, String message) {
        return McpError.builder(code).message(message).build();
    }
}
