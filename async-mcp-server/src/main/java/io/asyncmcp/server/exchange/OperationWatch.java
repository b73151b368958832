package io.asyncmcp.server.exchange;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Follows operations up to their end, which is told even if it came before the watch was there.
 *
 * @since 0.1.0
 */
public final class OperationWatch {

    private OperationWatch() {}

    /**
     * Follows an operation on behalf of the application.
     *
     * @param executor whose operation it is
     * @param id its id
     * @param onChange told of changes, and of the end at least once; as in {@link AsyncExecutor#watch}
     * @return the watch, which closes itself at the end
     * @throws io.asyncmcp.OperationNotFoundException if there is no such operation
     */
    public static Watch untilEnd(AsyncExecutor executor, String id, Consumer<Operation> onChange) {
        CompletableFuture<Watch> own = new CompletableFuture<>();
        Consumer<Operation> follower = closing(own, onChange);
        Watch watch = executor.watch(id, null, follower);
        own.complete(watch);
        Operation now = executor.find(id, null);
        if (now.status().isTerminal()) {
            follower.accept(now);
        }
        return watch;
    }

    /**
     * Follows an operation on behalf of the application; the twin of {@link #untilEnd}. Never throws.
     *
     * @param executor whose operation it is
     * @param id its id
     * @param onChange told of changes, and of the end at least once; as in {@link AsyncExecutor#watch}
     * @return a stage that ends with the watch, or with what the executor throws where it cannot look the operation up
     */
    public static CompletionStage<Watch> untilEndAsync(
            AsyncExecutor executor, String id, Consumer<Operation> onChange) {
        CompletableFuture<Watch> own = new CompletableFuture<>();
        Consumer<Operation> follower = closing(own, onChange);
        try {
            return executor.watchAsync(id, null, follower).thenCompose(watch -> {
                own.complete(watch);
                return executor.findAsync(id, null)
                        .thenApply(now -> {
                            if (now.status().isTerminal()) {
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

    private static Consumer<Operation> closing(CompletableFuture<Watch> own, Consumer<Operation> onChange) {
        return operation -> {
            onChange.accept(operation);
            if (operation.status().isTerminal()) {
                own.thenAccept(Watch::close);
            }
        };
    }
}
