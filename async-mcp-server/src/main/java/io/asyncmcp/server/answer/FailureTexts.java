package io.asyncmcp.server.answer;

import io.asyncmcp.OperationFailure;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told of a failure.
 *
 * <p>What a tool's author wrote is passed on. What Java writes itself names classes and fields, says nothing to a caller
 * and goes to the log instead.
 *
 * @since 0.1.0
 */
public final class FailureTexts {

    private static final String INTERNAL_ERROR = "an internal error";

    private FailureTexts() {}

    /**
     * Tells whether what was thrown is kept from clients.
     *
     * @param thrown what a tool threw
     * @return {@code true} if its message was not written for people
     */
    public static boolean isInternal(Throwable thrown) {
        String message = thrown.getMessage();
        return thrown instanceof Error
                || thrown instanceof NullPointerException
                || thrown instanceof ClassCastException
                || thrown instanceof ArrayStoreException
                || message == null
                || message.isBlank();
    }

    static String of(@Nullable OperationFailure failure) {
        if (failure == null) {
            return "the tool returned no result";
        }
        Throwable cause = failure.cause();
        return cause != null && isInternal(cause) ? INTERNAL_ERROR : failure.message();
    }
}
