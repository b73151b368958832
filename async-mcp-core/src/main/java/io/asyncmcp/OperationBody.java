package io.asyncmcp;

import org.jspecify.annotations.Nullable;

/**
 * The work of an operation.
 *
 * <p>It runs on a thread of its own, detached from the caller: neither the caller's disconnect nor its time-out touches
 * it. A cancellation interrupts the thread and shows in {@link OperationContext#isCancelled()}.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface OperationBody {

    /**
     * Does the work.
     *
     * @param context the operation as seen from inside
     * @return the result, which may be {@code null}. A {@link java.util.concurrent.CompletionStage} gives the thread
     *     back and ends the operation when the stage ends
     * @throws Exception if the work failed; the operation ends as {@link OperationStatus#FAILED}
     */
    @Nullable
    Object run(OperationContext context) throws Exception;
}
