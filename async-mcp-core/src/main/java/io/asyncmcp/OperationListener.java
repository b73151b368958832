package io.asyncmcp;

/**
 * Is told what happens to operations, for meters and clean-up.
 *
 * <p>Called on the thread that made the change, after it was made; must not block. What a listener throws is logged and
 * changes nothing.
 *
 * @since 0.1.0
 */
public interface OperationListener {

    /**
     * An operation was admitted.
     *
     * @param operation its first state
     */
    default void started(Operation operation) {}

    /**
     * A caller's wait ended before the operation did, and the caller gets a handle.
     *
     * @param operation the running operation, with its id
     */
    default void promoted(Operation operation) {}

    /**
     * An operation ended. Called exactly once for each that was {@link #started}.
     *
     * @param operation its last state
     */
    default void ended(Operation operation) {}

    /**
     * An operation was refused.
     *
     * @param type what was asked for
     * @param limit what stood in the way
     */
    default void rejected(String type, OperationRejectedException.Limit limit) {}

    /**
     * A call joined an operation that was running already, instead of starting its own.
     *
     * @param operation the running operation
     */
    default void joined(Operation operation) {}

    /**
     * Ended operations left their retention.
     *
     * @param count how many
     */
    default void expired(int count) {}
}
