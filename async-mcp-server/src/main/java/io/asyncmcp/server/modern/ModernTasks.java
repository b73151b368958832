package io.asyncmcp.server.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationIds;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The methods of the Tasks extension.
 *
 * <p>Thread-safe.
 */
final class ModernTasks {

    private final NamedExecutor engine;

    private final ModernTaskView view;

    private final ModernResults outcomes;

    ModernTasks(NamedExecutor engine, ModernTaskView view, ModernResults outcomes) {
        this.engine = engine;
        this.view = view;
        this.outcomes = outcomes;
    }

    CompletionStage<Object> get(ModernRequest request) {
        return executor()
                .findAsync(taskId(request), request.owner())
                .thenApply(operation -> outcomes.complete(
                        request.method(),
                        view.detailed(operation, request.meta().capabilities())));
    }

    CompletionStage<Object> update(ModernRequest request) {
        String taskId = taskId(request);
        if (!request.params().containsKey(ModernProtocol.INPUT_RESPONSES)) {
            throw ModernErrors.invalidParams(
                    "inputResponses must be there: an object, with the answers by their keys.");
        }
        Map<String, Object> answers = LongRequests.inputResponses(request.params());
        return executor().findAsync(taskId, request.owner()).thenApply(operation -> {
            LongRequests.answer(engine, request, operation, answers);
            return outcomes.acknowledgement();
        });
    }

    /** A task that has ended already is as good as cancelled. */
    CompletionStage<Object> cancel(ModernRequest request) {
        return executor()
                .cancelAsync(taskId(request), request.owner())
                .thenApply(cancelled -> outcomes.acknowledgement());
    }

    private AsyncExecutor executor() {
        return engine.executor();
    }

    private static String taskId(ModernRequest request) {
        if (!request.meta().canHandleTasks()) {
            throw ModernErrors.missingTasks();
        }
        if (!(request.params().get("taskId") instanceof String id)) {
            throw ModernErrors.invalidParams(
                    "taskId must be a text. Pass the taskId of the task exactly as it was given.");
        }
        if (!OperationIds.isWellFormed(id)) {
            throw ModernErrors.taskNotFound();
        }
        return id;
    }
}
