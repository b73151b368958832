package io.asyncmcp.server.tasks;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.OperationQuery.Position;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.answer.DefectLog;
import io.asyncmcp.server.answer.OneLine;
import io.asyncmcp.server.answer.TaskTexts;
import io.asyncmcp.server.transport.IncomingRequest;
import io.modelcontextprotocol.spec.McpError;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The methods by which a client comes back for its tasks.
 *
 * <p>A task belongs to its owner and not to a session. Thread-safe.
 */
final class TaskMethods {

    static final String GET = "tasks/get";

    static final String RESULT = "tasks/result";

    static final String LIST = "tasks/list";

    static final String CANCEL = "tasks/cancel";

    private static final Logger logger = LoggerFactory.getLogger(TaskMethods.class);

    private static final DefectLog defects = new DefectLog(logger);

    private final AsyncExecutor executor;

    private final OperationOwnerResolver owners;

    private final TaskView view;

    private final TaskResults results;

    private final TaskCursors cursors = new TaskCursors(new SecureRandom());

    private final int pageSize;

    TaskMethods(
            AsyncExecutor executor, OperationOwnerResolver owners, TaskView view, TaskResults results, int pageSize) {
        this.executor = executor;
        this.owners = owners;
        this.view = view;
        this.results = results;
        this.pageSize = pageSize;
    }

    /** Runs a method, or returns {@code null} if it is none of these. */
    @Nullable
    CompletionStage<?> run(IncomingRequest request) {
        return switch (request.request().method()) {
            case GET -> guarded(request, owner -> get(request, owner));
            case RESULT -> guarded(request, owner -> results.result(taskId(request), owner, request));
            case CANCEL -> guarded(request, owner -> cancel(taskId(request), owner));
            case LIST -> guarded(request, owner -> list(request, owner));
            default -> null;
        };
    }

    private static String taskId(IncomingRequest request) {
        return TaskParams.taskId(TaskParams.of(request.request().params()));
    }

    private CompletionStage<?> get(IncomingRequest request, OperationOwner owner) {
        return executor.findAsync(taskId(request), owner).thenApply(view::task);
    }

    private CompletionStage<?> cancel(String taskId, OperationOwner owner) {
        return executor.cancelAsync(taskId, owner)
                .thenCompose(cancelled -> executor.findAsync(taskId, owner).thenApply(now -> {
                    if (!cancelled) {
                        throw TaskErrors.alreadyEnded(TaskTexts.status(now.status()));
                    }
                    return view.task(now);
                }));
    }

    private CompletionStage<?> list(IncomingRequest request, OperationOwner owner) {
        if (!canList(owner, request.session().isOnlyClient())) {
            throw TaskErrors.unknownMethod(LIST);
        }
        String cursor = TaskParams.cursor(TaskParams.of(request.request().params()));
        Position after = cursor == null ? null : cursors.read(cursor, owner);
        // One more than a page tells whether there is another.
        OperationQuery query =
                OperationQuery.ALL.withOwner(owner).withAfter(after).withLimit(pageSize + 1);
        return executor.operationsAsync(query).thenApply(operations -> page(operations, owner));
    }

    private Map<String, Object> page(List<Operation> operations, OperationOwner owner) {
        List<Operation> shown = operations.size() > pageSize ? operations.subList(0, pageSize) : operations;
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("tasks", shown.stream().map(view::task).toList());
        if (shown.size() < operations.size()) {
            page.put("nextCursor", cursors.write(Position.of(shown.get(shown.size() - 1)), owner));
        }
        return page;
    }

    /** Strangers would see each other's tasks; over stdio there are no others. */
    static boolean canList(OperationOwner owner, boolean onlyClient) {
        return onlyClient || owner.kind() == OperationOwner.Kind.PRINCIPAL;
    }

    /** What goes wrong becomes a JSON-RPC error that says no more than it should. */
    private CompletionStage<?> guarded(IncomingRequest request, Function<OperationOwner, CompletionStage<?>> method) {
        CompletionStage<?> stage;
        try {
            stage = method.apply(
                    owners.resolve(request.context(), request.session().id()));
        } catch (Throwable e) {
            stage = CompletableFuture.failedFuture(e);
        }
        return stage.handle((result, error) -> {
            if (error == null) {
                return result;
            }
            throw mcpError(error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
        });
    }

    private static McpError mcpError(Throwable error) {
        if (error instanceof CancellationException) {
            return TaskErrors.unheard();
        }
        if (error instanceof SecurityException) {
            logger.warn("A request for a task was refused: {}", OneLine.of(String.valueOf(error.getMessage()), 500));
        } else if (!(error instanceof McpError || error instanceof OperationNotFoundException)) {
            defects.log("A request for a task failed for a reason of ours", error);
        }
        return TaskErrors.of(error);
    }
}
