package io.asyncmcp.conformance;

import io.asyncmcp.OperationContext;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.TaskSupport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.springframework.ai.mcp.annotation.McpToolParam;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.stereotype.Component;

/** Tools that work for a while, to be called as tasks. Their sleep is what ends when a task is cancelled. */
@Component
final class TaskTools {

    /** Longer than {@code async.mcp.tasks.inline-wait}: what comes afterwards happens in a task. */
    private static final long MILLIS_INTO_A_TASK = 600;

    private static final long MILLIS_OF_WORK = 1000;

    @AsyncTool(name = "slow_compute", description = "Works for some seconds")
    public String slowCompute(
            @McpToolParam(description = "How long to work") int seconds,
            @McpToolParam(description = "What to call the work") String label)
            throws InterruptedException {
        Thread.sleep(seconds * 1000L);
        return "Computed " + label + " in " + seconds + " s";
    }

    @AsyncTool(name = "failing_job", description = "Always fails", taskSupport = TaskSupport.REQUIRED)
    public String failure() throws InterruptedException {
        Thread.sleep(MILLIS_OF_WORK);
        throw new IllegalStateException("This job intentionally fails");
    }

    @AsyncTool(name = "protocol_error_job", description = "Always ends with an error of the protocol")
    public String protocolError() throws InterruptedException {
        Thread.sleep(MILLIS_OF_WORK);
        throw McpError.builder(ErrorCodes.INTERNAL_ERROR)
                .message("This job intentionally ends with an error of the protocol")
                .build();
    }

    @AsyncTool(name = "confirm_delete", description = "Asks the user before it deletes; nothing is deleted")
    public String confirmDelete(
            @McpToolParam(description = "The file's name") String filename, McpSyncRequestContext client)
            throws InterruptedException {
        Thread.sleep(MILLIS_INTO_A_TASK);
        ElicitResult answer = client.elicit(Questions.form("Delete " + filename + "?", "confirm", "boolean"));
        return "Delete " + filename + ": " + Questions.field(answer, "confirm");
    }

    @AsyncTool(name = "multi_input", description = "Asks the user two questions at once")
    public String twoQuestions(OperationContext operation) throws InterruptedException, ExecutionException {
        Thread.sleep(MILLIS_INTO_A_TASK);
        CompletableFuture<ElicitResult> name = Questions.elicit(operation, Questions.USER_NAME, Questions.name())
                .toCompletableFuture();
        CompletableFuture<ElicitResult> confirmation = Questions.elicit(
                        operation, "confirmation", Questions.form("Are you sure?", "confirm", "boolean"))
                .toCompletableFuture();
        return Questions.field(name.get(), "name") + ": " + Questions.field(confirmation.get(), "confirm");
    }

    @AsyncTool(
            name = "test_tool_with_task",
            description = "Asks the user for a name, and then works",
            taskSupport = TaskSupport.REQUIRED)
    public String questionBeforeTask(OperationContext operation) throws InterruptedException, ExecutionException {
        ElicitResult answer = Questions.elicit(operation, Questions.USER_NAME, Questions.name())
                .toCompletableFuture()
                .get();
        Thread.sleep(MILLIS_OF_WORK);
        return "Done for " + Questions.field(answer, "name");
    }
}
