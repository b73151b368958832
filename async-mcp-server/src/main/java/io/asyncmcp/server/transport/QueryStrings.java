package io.asyncmcp.server.transport;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

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
        // Tomcat fails over a value without a name.
        if (query.startsWith("=") || query.contains("&=") || !query.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            return false;
        }
        try {
            // As bytes at first: Spring replaces what is no UTF-8.
            byte[] bytes =
                    StringUtils.uriDecode(query, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .chars()
                    .noneMatch(Character::isISOControl);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return false;
        }
    }
}
