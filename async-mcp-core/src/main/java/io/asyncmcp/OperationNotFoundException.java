package io.asyncmcp;

/**
 * Thrown when no operation can be reached under an id.
 *
 * <p>It does not say whether the id never existed, has expired, or belongs to somebody else, and does not repeat it.
 *
 * @since 0.1.0
 */
public final class OperationNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OperationNotFoundException() {
        super("no operation is known under this id: it may be mistyped, or its result may have expired");
    }
}
