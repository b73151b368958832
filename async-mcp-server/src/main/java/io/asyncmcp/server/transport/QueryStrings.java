package io.asyncmcp.server.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which queries of a URL are asked for parameters. A servlet container logs what it cannot decode, with what it has decoded
 * before: lines of the client's own.
 *
 * @since 0.1.0
 */
public final class QueryStrings {

    private static final int MAX_LENGTH = 4_096;

    private static final int MAX_PARAMETERS = 100;

    private QueryStrings() {}

    /**
     * Tells whether a query can be decoded, to few parameters in UTF-8 without control characters.
     *
     * @param query the query as it came, or {@code null} if there is none
     * @return {@code false} if nobody should ask for its parameters
     */
    public static boolean isReadable(@Nullable String query) {
        if (query == null) {
            return true;
        }
        if (query.length() > MAX_LENGTH || query.chars().filter(c -> c == '&').count() >= MAX_PARAMETERS) {
            return false;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(query.length());
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            int value = c < 0x7f ? c : -1;
            if (c == '%') {
                value = i + 2 < query.length() ? escaped(query.charAt(i + 1), query.charAt(i + 2)) : -1;
                i += 2;
            }
            if (value < ' ') {
                return false;
            }
            bytes.write(value);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .chars()
                    .noneMatch(Character::isISOControl);
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static int escaped(char high, char low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : first * 16 + second;
    }
}
