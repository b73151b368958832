package io.asyncmcp.server.transport;

import io.asyncmcp.server.answer.DefectLog;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpTransport;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Keeps what cannot be written as JSON away from transports: those with a stream per request end it without a reply, and
 * stdio never writes anything again.
 *
 * @since 0.1.0
 */
public final class Writable {

    private static final Logger logger = LoggerFactory.getLogger(Writable.class);

    private static final DefectLog defects = new DefectLog(logger);

    private static final TypeRef<Object> JSON = new TypeRef<>() {};

    private Writable() {}

    /**
     * A transport that finds out by itself what cannot be written, because it writes JSON before anything else. Sending never
     * blocks.
     */
    public interface WritesFirst extends McpTransport {

        /**
         * Tells whether the connection is lost, and the client may come back for what it has missed.
         *
         * @return {@code true} if nobody reads what is sent at present
         */
        boolean isCut();

        /**
         * Does something each time the connection is lost and the client may come back, and each time it has.
         *
         * @param action must not block
         */
        void whenCutOrResumed(Runnable action);

        /**
         * Ends if something could not be written: the client does not get it, nor anything that follows, unless it comes back.
         *
         * @return a stage that never ends exceptionally
         */
        CompletionStage<?> lost();

        /**
         * Ends when the client, which had lost the reply, has come back and has it after all.
         *
         * @return a stage that never ends exceptionally
         */
        CompletionStage<?> received();

        /**
         * Ends when the exchange is over, however it ended, and the client cannot come back for what it has missed.
         *
         * @return a stage that never ends exceptionally
         */
        CompletionStage<?> gone();
    }

    /**
     * Looks at a message before it is sent.
     *
     * @param message any message
     * @param transport what would write it
     * @return the message; an error in the place of a response, nothing in the place of a notification, and an error signal
     *     in the place of a request that cannot be written
     */
    static Mono<JSONRPCMessage> checked(JSONRPCMessage message, McpTransport transport) {
        if (transport instanceof WritesFirst) {
            return Mono.just(message);
        }
        return Mono.defer(() -> {
            try {
                if (!isPlain(message)) {
                    transport.unmarshalFrom(message, JSON);
                }
                return Mono.just(message);
            } catch (Throwable e) {
                return insteadOf(message, e);
            }
        });
    }

    /** Results of tools may be large and those of dialects many; both are looked at in place, and the rest is tried out. */
    private static boolean isPlain(JSONRPCMessage message) {
        if (!(message instanceof JSONRPCResponse response)
                || !(response.result() instanceof CallToolResult || response.result() instanceof Map)) {
            return false;
        }
        JsonSize size = JsonSize.of(response.result(), Long.MAX_VALUE - 1);
        return !size.isOpaque() && !size.exceedsLimit();
    }

    private static Mono<JSONRPCMessage> insteadOf(JSONRPCMessage message, Throwable cause) {
        if (message instanceof JSONRPCResponse response) {
            return Mono.just(insteadOf(response, cause));
        }
        if (message instanceof JSONRPCNotification notification) {
            leftOut(notification, cause);
            return Mono.empty();
        }
        return Mono.error(refusal(message, cause));
    }

    /**
     * Returns what is sent in the place of a response that cannot be written.
     *
     * @param response the response
     * @param cause why it cannot be written
     * @return an error
     */
    public static JSONRPCResponse insteadOf(JSONRPCResponse response, Throwable cause) {
        defects.log("A reply cannot be written as JSON, which is a defect of its handler", cause);
        return JsonRpcResponses.unwritable(response.id());
    }

    /**
     * Returns what is sent in the place of a response for which there is no memory.
     *
     * @param id the id of its request
     * @return an error that says when to ask again
     */
    public static JSONRPCResponse busy(Object id) {
        return JSONRPCResponse.error(
                id,
                new JSONRPCResponse.JSONRPCError(
                        ErrorCodes.INTERNAL_ERROR,
                        "busy: this caller has not read other large replies yet, and with this one they would take up too"
                                + " much memory. Ask again.",
                        Map.of("retryAfterSeconds", 1)));
    }

    /**
     * Tells the log that a notification cannot be written.
     *
     * @param notification the notification
     * @param cause why it cannot be written
     */
    public static void leftOut(JSONRPCNotification notification, Throwable cause) {
        logger.warn(
                "A notification {} cannot be written as JSON and is left out",
                notification.method(),
                JsonFailures.loggable(cause));
    }

    /**
     * Returns the error of a request that cannot be written.
     *
     * @param message the request
     * @param cause why it cannot be written
     * @return an error that names the method
     */
    public static IllegalArgumentException refusal(JSONRPCMessage message, Throwable cause) {
        String method = message instanceof JSONRPCRequest request ? request.method() : "unknown";
        return new IllegalArgumentException("the params of " + method + " cannot be written as JSON", cause);
    }
}
