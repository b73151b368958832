package io.asyncmcp;

/**
 * Where an operation stands in its life.
 *
 * <p>The names are MCP's task states; {@link #QUEUED} is ours and shows as "working" to clients. Terminal states are
 * never left.
 *
 * @since 0.1.0
 */
public enum OperationStatus {
    /** Admitted, waiting for its turn to run. */
    QUEUED,
    /** Its body runs. */
    WORKING,
    /** Its body runs and waits for somebody outside, usually a person, to answer. */
    INPUT_REQUIRED,
    /** Ended with a result. */
    COMPLETED,
    /** Ended with an error, or with a result that reports one. */
    FAILED,
    /** Ended because somebody asked for it. */
    CANCELLED;

    /**
     * Tells whether this state is final.
     *
     * @return {@code true} for completed, failed and cancelled
     */
    public boolean isTerminal() {
        return switch (this) {
            case COMPLETED, FAILED, CANCELLED -> true;
            case QUEUED, WORKING, INPUT_REQUIRED -> false;
        };
    }

    /**
     * Tells whether an operation may go from this state to another.
     *
     * @param next the state it would take
     * @return {@code true} if the transition exists
     */
    public boolean canBecome(OperationStatus next) {
        return switch (this) {
            case QUEUED -> next == WORKING || next == CANCELLED || next == FAILED;
            case WORKING -> next == INPUT_REQUIRED || next.isTerminal();
            case INPUT_REQUIRED -> next == WORKING || next.isTerminal();
            case COMPLETED, FAILED, CANCELLED -> false;
        };
    }
}
