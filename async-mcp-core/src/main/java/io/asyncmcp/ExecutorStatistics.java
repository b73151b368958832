package io.asyncmcp;

/**
 * How busy an {@link AsyncExecutor} is, at about one moment.
 *
 * @param queued operations admitted and waiting for their turn
 * @param working operations whose body runs
 * @param inputRequired operations that wait for an answer from outside
 * @param abandoned bodies that still run although their operation has ended, because they ignore the interrupt
 * @param waiting callers that wait for an operation
 * @param retained operations that are known under an id, ended or not
 * @since 0.1.0
 */
public record ExecutorStatistics(
        int queued, int working, int inputRequired, int abandoned, int waiting, long retained) {}
