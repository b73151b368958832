package io.asyncmcp.server.json;

/**
 * What a text costs that is to be parsed as JSON, told from its bytes alone: two bytes of text can become seventy of
 * objects. One pass, which neither parses nor allocates; what is no JSON gets a weight too.
 *
 * @param bytes how much memory it takes up when it is parsed, at a guess
 * @param depth how deep it is nested
 * @param isUtf8 whether it could be JSON in UTF-8 at all: in UTF-16 and UTF-32 the brackets cannot be told, and neither can
 *     be without a zero byte
 * @since 0.1.0
 */
public record JsonWeight(long bytes, int depth, boolean isUtf8) {

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
     * @param text the bytes
     * @return what it costs
     */
    public static JsonWeight of(byte[] text) {
        long weight = (long) text.length * COPIES;
        int depth = 0;
        int deepest = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if (b == 0) {
                return new JsonWeight(weight, deepest, false);
            }
            if (quoted) {
                if (b == '\\') {
                    i++;
                } else if (b == '"') {
                    quoted = false;
                }
                continue;
            }
            switch (b) {
                case '"' -> {
                    quoted = true;
                    weight += TEXT;
                }
                case '{', '[' -> {
                    weight += CONTAINER;
                    deepest = Math.max(deepest, ++depth);
                }
                case '}', ']' -> depth--;
                case ',' -> weight += ITEM;
                case ':' -> weight += MEMBER;
                default -> {}
            }
        }
        return new JsonWeight(weight, deepest, true);
    }
}
