package io.asyncmcp;

/**
 * Thrown into a body whose input request was refused, or was not answered in time.
 *
 * @since 0.1.0
 */
public final class InputUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InputUnavailableException(String message) {
        super(message);
    }
}
