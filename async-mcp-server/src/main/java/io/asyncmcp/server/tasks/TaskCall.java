package io.asyncmcp.server.tasks;

import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.answer.TaskTexts;
import io.asyncmcp.server.tool.HandleRequest;
import io.asyncmcp.server.transport.Dialect.Handling;
import io.asyncmcp.server.transport.IncomingRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.Map;

/** A call that asks for a task. The SDK checks it and its handler starts the operation; what goes back is the task. */
final class TaskCall implements Handling {

    private final IncomingRequest request;

    private final HandleRequest handle;

    private final TaskView view;

    private final TaskFollowers followers;

    TaskCall(IncomingRequest request, HandleRequest handle, TaskView view, TaskFollowers followers) {
        this.request = request;
        this.handle = handle;
        this.view = view;
        this.followers = followers;
    }

    @Override
    public Map<String, Object> context() {
        return Map.of(HandleRequest.KEY, handle);
    }

    @Override
    public Object outgoing(Object result) {
        HandleRequest.Started started = handle.started().orElse(null);
        if (started != null) {
            followers.follow(started, request);
            return view.created(started.operation());
        }
        OperationRejectedException rejection = handle.rejection().orElse(null);
        if (rejection != null) {
            throw TaskErrors.busy(
                    String.valueOf(rejection.getMessage()),
                    rejection.retryAfter().toSeconds());
        }
        Throwable failure = handle.failure().orElse(null);
        if (failure != null) {
            throw TaskErrors.of(failure);
        }
        // Nothing was started, because the arguments are not what they should be. A client that asked for a task cannot
        // read a result.
        throw TaskErrors.invalid(
                result instanceof CallToolResult refused ? TaskTexts.text(refused) : "The call was refused.");
    }
}
