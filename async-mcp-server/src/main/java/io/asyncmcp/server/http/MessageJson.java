package io.asyncmcp.server.http;

import io.modelcontextprotocol.json.McpJsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Writes messages as JSON in UTF-8. Thread-safe.
 *
 * @since 0.1.0
 */
public final class MessageJson {

    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

    private final McpJsonMapper mapper;

    /**
     * Creates it.
     *
     * @param mapper writes and reads JSON
     */
    public MessageJson(McpJsonMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * Returns the mapper.
     *
     * @return writes and reads JSON
     */
    public McpJsonMapper mapper() {
        return mapper;
    }

    /**
     * Writes a message.
     *
     * @param message the message
     * @return its JSON
     * @throws IOException if it cannot be written as JSON
     */
    public byte[] bytes(Object message) throws IOException {
        String json = mapper.writeValueAsString(message);
        return (hasSurrogates(json) ? escaped(json) : json).getBytes(StandardCharsets.UTF_8);
    }

    private static boolean hasSurrogates(String json) {
        for (int i = 0; i < json.length(); i++) {
            if (Character.isSurrogate(json.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** UTF-8 has no place for half a surrogate pair. It goes back as it came, so that even an id that has one stays the same. */
    private static String escaped(String json) {
        return LONE_SURROGATE
                .matcher(json)
                .replaceAll(half -> "\\\\u%04x".formatted((int) half.group().charAt(0)));
    }
}
