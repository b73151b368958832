package io.asyncmcp.server.tool;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationListener;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.server.answer.DefectLog;
import io.asyncmcp.server.json.JsonFailures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs every failed tool once, whether or not its client was told why; a cancelled operation has not failed. One line at WARN says
 * what was thrown and where, for each cause, without messages: these may quote arguments. Where this class's logger is at DEBUG,
 * the exception follows with its messages. Thread-safe.
 *
 * @since 0.1.0
 */
public final class FailureLog implements OperationListener {

    private static final Logger logger = LoggerFactory.getLogger(FailureLog.class);

    /** A longer chain of causes has no end. */
    private static final int MAX_CAUSES = 20;

    /** Creates it. */
    public FailureLog() {}

    @Override
    public void ended(Operation operation) {
        OperationFailure failure = operation.failure();
        if (operation.status() != OperationStatus.FAILED || failure == null) {
            return;
        }
        switch (failure.reason()) {
            case EXCEPTION -> thrown(operation, failure.cause());
            case LIFETIME_EXCEEDED ->
                logger.warn("Tool {} failed{}: {}", operation.type(), of(operation), failure.message());
            // Logged with what was wrong, where it was found out.
            case ERROR_RESULT, NOT_STARTED -> {}
        }
    }

    private static void thrown(Operation operation, @Nullable Throwable cause) {
        // The executor has logged those by now, all but a stack that overflowed: there may be no memory for this.
        boolean isLogged = cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError);
        if (cause == null || isLogged) {
            return;
        }
        if (logger.isDebugEnabled()) {
            logger.warn("Tool {} failed{}", operation.type(), of(operation), JsonFailures.loggable(cause));
        } else if (logger.isWarnEnabled()) {
            logger.warn("Tool {} failed{}: {}", operation.type(), of(operation), summary(cause));
        }
    }

    /** The tool threw nothing, or Spring AI made a result of what it threw. */
    static void returnedError(String tool) {
        logger.warn("Tool {} returned an error; its caller was told which", tool);
    }

    private static String of(Operation operation) {
        return operation.id() == null ? "" : " (operation " + OperationIds.hash(operation.id()) + ")";
    }

    private static String summary(Throwable thrown) {
        StringBuilder summary = new StringBuilder(DefectLog.place(thrown));
        Throwable cause = thrown.getCause();
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            summary.append(", caused by ").append(DefectLog.place(cause));
        }
        return summary.toString();
    }
}
