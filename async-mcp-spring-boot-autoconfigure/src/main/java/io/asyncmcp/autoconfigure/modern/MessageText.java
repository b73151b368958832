package io.asyncmcp.autoconfigure.modern;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** Messages as they go over the wire. */
final class MessageText {

    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private MessageText() {}

    static String of(JSONRPCMessage message) {
        return written(message);
    }

    static byte[] bytes(Object message) {
        return written(message).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] refusal(ServerTransportSecurityException e) {
        return error(String.valueOf(e.getMessage()));
    }

    static byte[] onlyPost() {
        return error("This protocol version knows POST alone.");
    }

    /** An error that no request can be named for. */
    private static byte[] error(String message) {
        return written(Map.of(
                        "jsonrpc", "2.0", "error", Map.of("code", ErrorCodes.INVALID_REQUEST, "message", message)))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String written(Object message) {
        try {
            return escaped(McpJsonDefaults.getMapper().writeValueAsString(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Halves of surrogate pairs go back as they came, so that even an id of such is the same: UTF-8 has no place for them. */
    private static String escaped(String json) {
        return LONE_SURROGATE
                .matcher(json)
                .replaceAll(half -> "\\\\u%04x".formatted((int) half.group().charAt(0)));
    }
}
