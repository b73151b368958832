package io.asyncmcp;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something a running operation asks of somebody outside: a question to the user, a model to sample, the roots.
 *
 * @param key names the request within its operation; never used twice there
 * @param method the MCP method that asks, such as {@code elicitation/create}
 * @param params the method's parameters, or {@code null}
 * @param delivered whether the request has gone out to a client, so that it is not asked again
 * @param response the answer, or {@code null} while there is none
 * @since 0.1.0
 */
public record InputRequest(
        String key,
        String method,
        @Nullable Object params,
        boolean delivered,
        @Nullable InputResponse response) {

    public InputRequest {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(method, "method");
    }

    /**
     * Tells whether somebody still has to answer.
     *
     * @return {@code true} while there is no answer
     */
    public boolean isPending() {
        return response == null;
    }

    InputRequest withDelivered() {
        return new InputRequest(key, method, params, true, response);
    }

    InputRequest withoutDelivery() {
        return new InputRequest(key, method, params, false, response);
    }

    InputRequest withResponse(InputResponse answer) {
        return new InputRequest(key, method, params, delivered, answer);
    }
}
