package io.asyncmcp;

import java.time.Duration;

/**
 * Thrown when an operation is not admitted because a limit is reached or the executor is shutting down.
 *
 * @since 0.1.0
 */
public final class OperationRejectedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Limit limit;

    private final Duration retryAfter;

    /** What stood in the way. */
    public enum Limit {
        /** As many operations run and wait as the executor takes. */
        TOTAL,
        /** The owner has as many operations as one owner may have. */
        OWNER,
        /** As many operations of this type are active as it may have. */
        TYPE,
        /** The executor takes no more operations. */
        SHUTDOWN
    }

    public OperationRejectedException(Limit limit, String message, Duration retryAfter) {
        super(message);
        this.limit = limit;
        this.retryAfter = retryAfter;
    }

    /**
     * Returns what stood in the way.
     *
     * @return the limit
     */
    public Limit limit() {
        return limit;
    }

    /**
     * Returns when trying again makes sense.
     *
     * @return how long to wait; zero if trying again is of no use
     */
    public Duration retryAfter() {
        return retryAfter;
    }
}
