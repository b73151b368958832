package io.asyncmcp.server.exchange;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Follows operations to their end, and tells what came before the watch: even the end may have come by then.
 *
 * @since 0.1.0
 */
public final class OperationWatch {

    private OperationWatch() {}

    /**
     * Follows an operation for the application. {@code onChange} hears where it stands, then of changes, as in
     * {@link AsyncExecutor#watch}, and of the end at least once. The watch closes itself at the end. Never throws: the stage fails
     * if the executor cannot look the operation up.
     */
    public static CompletionStage<Watch> untilEndAsync(
            AsyncExecutor executor, String id, Consumer<Operation> onChange) {
        CompletableFuture<Watch> own = new CompletableFuture<>();
        AtomicBoolean told = new AtomicBoolean();
        Consumer<Operation> follower = operation -> {
            told.set(true);
            onChange.accept(operation);
            if (operation.status().isTerminal()) {
                own.thenAccept(Watch::close);
            }
        };
        try {
            return executor.watchAsync(id, null, follower).thenCompose(watch -> {
                own.complete(watch);
                return executor.findAsync(id, null)
                        .thenApply(now -> {
                            // News that came meanwhile is as new at least, and nothing is told after the end but the
                            // end.
                            if (now.status().isTerminal() || !told.get()) {
                                follower.accept(now);
                            }
                            return watch;
                        })
                        .whenComplete((followed, error) -> {
                            if (error != null) {
                                watch.close();
                            }
                        });
            });
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
