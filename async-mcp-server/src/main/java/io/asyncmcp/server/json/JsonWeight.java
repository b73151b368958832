package io.asyncmcp.server.json;

import java.util.BitSet;

/**
 * What a text costs that is to be parsed as JSON, told from its bytes alone: two bytes of text can become seventy of
 * objects. One pass, which does not parse; what is no JSON gets a weight too.
 *
 * @param bytes how much memory it takes up when it is parsed, at a guess
 * @param depth how deep it is nested
 * @param longestName how many bytes the longest name of a member has: parsers keep names for good
 * @param isUtf8 whether it could be JSON in UTF-8 at all: in UTF-16 and UTF-32 the brackets cannot be told, and neither can
 *     be without a zero byte
 * @since 0.1.0
 */
public record JsonWeight(long bytes, int depth, int longestName, boolean isUtf8) {

    /** An object or a list, empty. */
    private static final int CONTAINER = 72;

    private static final int ITEM = 24;

    private static final int MEMBER = 40;

    private static final int TEXT = 56;

    /** The bytes themselves, and what is copied from them. */
    private static final int COPIES = 2;

    /**
     * Weighs a text.
     *
     * @return what it costs
     */
    public static JsonWeight of(byte[] text) {
        long weight = (long) text.length * COPIES;
        int depth = 0;
        int deepest = 0;
        BitSet objects = new BitSet();
        boolean quoted = false;
        int begun = 0;
        boolean nameDue = false;
        int longestName = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if (b == 0) {
                return new JsonWeight(weight, deepest, longestName, false);
            }
            if (quoted) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    quoted = false;
                    // Not only where a colon follows: a parser keeps the name before it looks.
                    longestName = nameDue ? Math.max(longestName, i - begun) : longestName;
                    nameDue = false;
                }
                continue;
            }
            switch (b) {
                case '"' -> {
                    quoted = true;
                    begun = i + 1;
                    weight += TEXT;
                }
                case '{', '[' -> {
                    weight += CONTAINER;
                    deepest = Math.max(deepest, ++depth);
                    nameDue = b == '{';
                    objects.set(depth, nameDue);
                }
                case '}', ']' -> {
                    depth = Math.max(0, depth - 1);
                    nameDue = false;
                }
                case ',' -> {
                    weight += ITEM;
                    nameDue = objects.get(depth);
                }
                case ':' -> {
                    weight += MEMBER;
                    nameDue = false;
                }
                default -> {}
            }
        }
        return new JsonWeight(weight, deepest, longestName, true);
    }
}
