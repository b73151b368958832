package io.asyncmcp;

import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link InputRequest}: a value, or the reason why there is none.
 *
 * @param value the answer as it came; meaningless if there is an error
 * @param error why the request was not answered, or {@code null} if it was
 * @param weight how many bytes of memory the answer takes up; 0 by default. They count among what the operation holds on to
 *     until it asks again or its body has returned
 * @since 0.1.0
 */
public record InputResponse(
        @Nullable Object value, @Nullable String error, long weight) {

    public InputResponse {
        if (weight < 0) {
            throw new IllegalArgumentException("weight must not be negative, but was " + weight);
        }
    }

    /**
     * An answer.
     *
     * @param value the answer as it came
     * @return the response
     */
    public static InputResponse of(@Nullable Object value) {
        return new InputResponse(value, null, 0);
    }

    /**
     * A refusal or a failure to answer.
     *
     * @param error the reason, for people
     * @return the response
     */
    public static InputResponse failed(String error) {
        return new InputResponse(null, error, 0);
    }

    public InputResponse withWeight(long newWeight) {
        return new InputResponse(value, error, newWeight);
    }
}
