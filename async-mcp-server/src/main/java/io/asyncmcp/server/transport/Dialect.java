package io.asyncmcp.server.transport;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Something that the wrapped transports understand besides what the SDK does: methods of its own, params of its own on the
 * SDK's methods, and additions to the SDK's results.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public interface Dialect {

    /**
     * Looks at a request.
     *
     * @return how it is handled; {@link Handling#AS_IT_IS} if it is none of this dialect's business
     * @throws io.modelcontextprotocol.spec.McpError to refuse it with that error
     */
    Handling handle(IncomingRequest request);

    /**
     * Adds to the result of {@code initialize}.
     *
     * @param result the result; may be changed
     * @param context the transport context of the request
     * @param onlyClient whether the server has this one client and no other
     */
    void initialized(Map<String, Object> result, McpTransportContext context, boolean onlyClient);

    /** Called when the SDK's server is there. */
    default void attached(SdkServer server) {}

    /**
     * Hears what every client of the server is told outside of its requests.
     *
     * @param method the notification's method
     * @param params its params, or {@code null}
     */
    default void broadcast(String method, @Nullable Object params) {}

    /**
     * Takes what a client of its own is told, one that {@link SdkServer#open} made.
     *
     * @param clientId the client's id
     * @param method the notification's method
     * @param params its params, or {@code null}
     * @return {@code false} if the client is not its own
     */
    default boolean notified(String clientId, String method, @Nullable Object params) {
        return false;
    }

    /** How one request is handled. */
    interface Handling {

        /** By the SDK, unchanged. */
        Handling AS_IT_IS = new Handling() {};

        /**
         * Tells whether the dialect has the result itself.
         *
         * @return {@code false} to let the SDK handle the request
         */
        default boolean answers() {
            return false;
        }

        /**
         * Tells whether the result may only be asked for once the client has sent {@code notifications/initialized}, where the
         * SDK makes requests wait for that.
         *
         * @return {@code false} if it may be asked for at any time
         */
        default boolean waitsForInitialized() {
            return false;
        }

        /**
         * Makes the result. Called once, if this answers.
         *
         * @return ends with the result, or with an {@link io.modelcontextprotocol.spec.McpError}
         */
        default CompletionStage<?> result() {
            throw new IllegalStateException("the SDK handles this request");
        }

        /**
         * What the SDK's handlers find in the transport context of this request.
         *
         * @return entries, by key
         */
        default Map<String, Object> context() {
            return Map.of();
        }

        /**
         * Changes what the SDK's handlers came to.
         *
         * @return the result to send
         * @throws io.modelcontextprotocol.spec.McpError to send that error instead
         */
        default Object outgoing(Object result) {
            return result;
        }
    }
}
