package io.asyncmcp.server.transport;

import io.asyncmcp.server.answer.DefectLog;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpTransport;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Keeps what cannot be written as JSON away from transports: those with a stream per request end it without a reply, and
 * stdio never writes anything again.
 */
final class Writable {

    private static final Logger logger = LoggerFactory.getLogger(Writable.class);

    private static final DefectLog defects = new DefectLog(logger);

    private static final TypeRef<Object> JSON = new TypeRef<>() {};

    private Writable() {}

    /**
     * Looks at a message before it is sent.
     *
     * @param message any message
     * @param transport what would write it
     * @return the message; an error in the place of a response, nothing in the place of a notification, and an error signal
     *     in the place of a request that cannot be written
     */
    static Mono<JSONRPCMessage> checked(JSONRPCMessage message, McpTransport transport) {
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
            defects.log("A reply cannot be written as JSON, which is a defect of its handler", cause);
            return Mono.just(Replies.unwritable(response.id()));
        }
        if (message instanceof JSONRPCNotification notification) {
            logger.warn(
                    "A notification {} cannot be written as JSON and is left out",
                    notification.method(),
                    JsonFailures.loggable(cause));
            return Mono.empty();
        }
        String method = message instanceof JSONRPCRequest request ? request.method() : "unknown";
        return Mono.error(
                new IllegalArgumentException("the params of " + method + " cannot be written as JSON", cause));
    }
}
