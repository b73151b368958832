package io.asyncmcp.server.transport;

import static io.asyncmcp.server.transport.MessageFault.invalid;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON-RPC messages of the protocol versions before 2026-07-28, and says what is wrong with others. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Messages {

    private static final TypeRef<Object> JSON = new TypeRef<>() {};

    private final McpJsonMapper mapper;

    /**
     * Creates it.
     *
     * @param mapper reads JSON
     */
    public Messages(McpJsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Reads a message.
     *
     * @param body JSON in UTF-8
     * @return the message
     * @throws MessageFault if it is none
     */
    public JSONRPCMessage read(byte[] body) {
        if (body.length == 0) {
            throw MessageFault.unparsable("The body is empty. Send one JSON-RPC message.");
        }
        Object json;
        try {
            json = mapper.readValue(body, JSON);
        } catch (IOException | RuntimeException e) {
            throw MessageFault.unparsable("The body is not JSON that this server can read.");
        }
        if (json instanceof List<?>) {
            throw invalid("Batches are not supported. Send one JSON-RPC message per request.");
        }
        if (!(json instanceof Map<?, ?> message)) {
            throw invalid("The body must be a JSON object, a JSON-RPC message.");
        }
        if (!McpSchema.JSONRPC_VERSION.equals(message.get("jsonrpc"))) {
            throw invalid("jsonrpc must be \"2.0\".");
        }
        return message.containsKey("method") ? called(message) : response(message);
    }

    private static JSONRPCMessage called(Map<?, ?> message) {
        if (!(message.get("method") instanceof String method)) {
            throw invalid("method must be a string.");
        }
        Object params = withoutNulls(message.get("params"));
        if (!message.containsKey("id")) {
            return new JSONRPCNotification(method, params);
        }
        return new JSONRPCRequest(method, id(message), params);
    }

    /** What is null is not there, at any depth of objects. Changes what was read. */
    private static @Nullable Object withoutNulls(@Nullable Object json) {
        if (json instanceof Map<?, ?> object) {
            object.values().removeIf(Objects::isNull);
            object.values().forEach(Messages::withoutNulls);
        } else if (json instanceof List<?> list) {
            list.forEach(Messages::withoutNulls);
        }
        return json;
    }

    private static Object id(Map<?, ?> message) {
        Object id = message.get("id");
        if (id instanceof String || id instanceof Integer || id instanceof Long) {
            return id;
        }
        throw invalid("id must be a string or an integer of at most 64 bits.");
    }

    private static JSONRPCResponse response(Map<?, ?> message) {
        if (!message.containsKey("result") && !message.containsKey("error")) {
            throw invalid("The message must have a method, a result or an error.");
        }
        if (message.containsKey("result") && message.containsKey("error")) {
            throw invalid("A response must have either a result or an error.");
        }
        Object result = withoutNulls(message.get("result"));
        if (result == null && !message.containsKey("error")) {
            throw invalid("result must not be null.");
        }
        return new JSONRPCResponse(
                McpSchema.JSONRPC_VERSION,
                id(message),
                result,
                message.containsKey("error") ? error(message.get("error")) : null);
    }

    private static JSONRPCError error(@Nullable Object json) {
        if (json instanceof Map<?, ?> error
                && error.get("code") instanceof Integer code
                && error.get("message") instanceof String text) {
            return new JSONRPCError(code, text, error.get("data"));
        }
        throw invalid("error must have a code and a message.");
    }
}
