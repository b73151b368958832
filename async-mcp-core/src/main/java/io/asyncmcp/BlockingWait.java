package io.asyncmcp;

import io.asyncmcp.engine.OperationThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** The wait of a caller that has nothing else to do. */
final class BlockingWait {

    /**
     * How often it looks before the thread is parked: for about as long as it would take to park and wake it, 10 to 20 us. A
     * body that returns at once is answered without either, and any other wait costs twice that at the most.
     */
    private static final int LOOKS = Runtime.getRuntime().availableProcessors() == 1 ? 0 : 500;

    private BlockingWait() {}

    /**
     * Waits until a stage has ended, and gives it up if the thread is interrupted.
     *
     * @throws InterruptedException if it is
     */
    static Operation await(CompletionStage<Operation> stage) throws InterruptedException {
        CompletableFuture<Operation> future = stage.toCompletableFuture();
        // A virtual thread costs little to park, and would keep its carrier from the thread that it waits for.
        if (!OperationThreads.isVirtual(Thread.currentThread())) {
            for (int i = 0; i < LOOKS && !future.isDone(); i++) {
                Thread.onSpinWait();
            }
        }
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException("waiting for an operation failed", e.getCause());
        }
    }
}
