package io.asyncmcp.server.tasks;

import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.answer.TaskTexts;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.tool.RefusedCallException;
import io.asyncmcp.server.tool.ToolFace.OwnCall;
import io.asyncmcp.server.transport.Dialect.Handling;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A call that asks for a task: it starts the operation, and what goes back is the task. */
final class TaskCall implements Handling {

    private static final CallToolResult NOTHING_YET = new CallToolResult(List.of(), true, null, null);

    private final OwnCall call;

    private final Function<OperationCalls.Started, Object> task;

    private volatile boolean letThrough;

    /**
     * Makes the handling of a call.
     *
     * @param call the call
     * @param task makes the task of what was started
     */
    TaskCall(OwnCall call, Function<OperationCalls.Started, Object> task) {
        this.call = call;
        this.task = task;
    }

    @Override
    public boolean answers() {
        return call.answers();
    }

    @Override
    public boolean waitsForInitialized() {
        return true;
    }

    @Override
    public CompletionStage<?> result() {
        return CompletableFuture.completedStage(created());
    }

    private Object created() {
        try {
            return task.apply(call.submit());
        } catch (OperationRejectedException e) {
            throw TaskErrors.busy(String.valueOf(e.getMessage()), e.retryAfter().toSeconds());
        } catch (RefusedCallException e) {
            throw refused(e.answer());
        } catch (Throwable e) {
            throw TaskErrors.of(e);
        }
    }

    /** A client that asked for a task cannot read a result. */
    private static McpError refused(CallToolResult answer) {
        return TaskErrors.invalid(TaskTexts.text(answer));
    }

    @Override
    public Map<String, Object> context() {
        return call.forSdk(() -> {
            letThrough = true;
            return CompletableFuture.completedStage(NOTHING_YET);
        });
    }

    @Override
    public Object outgoing(Object result) {
        if (letThrough) {
            return created();
        }
        throw result instanceof CallToolResult answer ? refused(answer) : TaskErrors.invalid("The call was refused.");
    }
}
