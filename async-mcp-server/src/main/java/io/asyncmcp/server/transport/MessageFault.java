package io.asyncmcp.server.transport;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told when what it sent does not make it to a handler.
 *
 * @since 0.1.0
 */
public class MessageFault extends RuntimeException {

    /** The code of an error that goes away by itself. Not JSON-RPC's own. */
    public static final int BUSY = -32000;

    private static final long serialVersionUID = 1L;

    private final int code;

    private final transient @Nullable Object id;

    private final String text;

    /**
     * Creates a fault.
     *
     * @param code the code of the JSON-RPC error
     * @param id the id of the request, or {@code null} if it is not known
     * @param text the message of the JSON-RPC error
     */
    public MessageFault(int code, @Nullable Object id, String text) {
        super(text, null, false, false);
        this.code = code;
        this.id = id;
        this.text = text;
    }

    /**
     * Returns the fault of something that is no JSON.
     *
     * @param text what is wrong
     * @return a parse error
     */
    public static MessageFault unparsable(String text) {
        return new MessageFault(ErrorCodes.PARSE_ERROR, null, text);
    }

    /**
     * Returns the fault of JSON that is no message.
     *
     * @param text what is wrong
     * @return an invalid request
     */
    public static MessageFault invalid(String text) {
        return new MessageFault(ErrorCodes.INVALID_REQUEST, null, text);
    }

    /**
     * Returns the error to be sent.
     *
     * @param mapper writes JSON
     * @return a JSON-RPC error in UTF-8, on one line
     */
    public byte[] json(McpJsonMapper mapper) {
        // By hand: mappers are set up to leave out null, which an unknown id has to be.
        try {
            return ("{\"jsonrpc\":\"2.0\",\"id\":" + mapper.writeValueAsString(id) + ",\"error\":{\"code\":" + code
                            + ",\"message\":" + mapper.writeValueAsString(text) + "}}")
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("a text cannot be written as JSON", e);
        }
    }
}
