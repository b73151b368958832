package io.asyncmcp.server.answer;

import io.asyncmcp.OperationFailure;
import io.asyncmcp.server.json.JsonFailures;
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

    /** Enough for people and models; beyond that it is a dump. */
    private static final int MAX_LENGTH = 2000;

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
                || JsonFailures.isOfJackson(thrown)
                || message == null
                || message.isBlank()
                // What a wrapper says that was given no message of its own.
                || thrown.getCause() != null && message.equals(thrown.getCause().toString());
    }

    private static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "... (shortened)";
    }

    /**
     * Says why an operation failed.
     *
     * @param failure what the operation knows of it, or {@code null} if it knows nothing
     * @return what its caller is told
     */
    public static String of(@Nullable OperationFailure failure) {
        if (failure == null) {
            return "the tool returned no result";
        }
        Throwable cause = failure.cause();
        return cause != null && isInternal(cause) ? INTERNAL_ERROR : shortened(failure.message());
    }
}
