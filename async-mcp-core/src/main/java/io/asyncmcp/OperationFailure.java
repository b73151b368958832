package io.asyncmcp;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why an operation failed.
 *
 * @param reason what kind of failure it was
 * @param message what happened, for people; never a stack trace
 * @param cause what the body threw, or {@code null}; for listeners and those who wait for the end, and not kept after that
 * @since 0.1.0
 */
public record OperationFailure(
        Reason reason, String message, @JsonIgnore @Nullable Throwable cause) {

    /** The kinds of failure. */
    public enum Reason {
        /** The body threw. */
        EXCEPTION,
        /** The body returned a result that reports an error. */
        ERROR_RESULT,
        /** The operation ran longer than its maximum lifetime. */
        LIFETIME_EXCEEDED,
        /** The body could not be started. */
        NOT_STARTED
    }

    public OperationFailure {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
    }

    /**
     * Returns the reason and the message alone: an exception holds on to whatever it has seen.
     *
     * @return a failure without a cause
     */
    public OperationFailure withoutCause() {
        return cause == null ? this : new OperationFailure(reason, message, null);
    }
}
