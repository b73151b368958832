package io.asyncmcp;

/**
 * Cuts texts that are kept: what a tool says may repeat what its caller sent.
 *
 * @since 0.1.0
 */
public final class TextLimit {

    private static final String CUT = "...";

    private static final int MAX_BYTES_PER_CHAR = 3;

    private TextLimit() {}

    /**
     * Cuts a text, between two characters, if it is longer than it may be.
     *
     * @param text the text
     * @param maxBytes how many bytes it may have in UTF-8, at least 3
     * @return the text, or its beginning and three dots
     */
    public static String cut(String text, int maxBytes) {
        if ((long) text.length() * MAX_BYTES_PER_CHAR <= maxBytes) {
            return text;
        }
        int kept = 0;
        long bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            int next = i + Character.charCount(character);
            bytes += bytesOf(character);
            if (bytes > maxBytes) {
                return text.substring(0, kept) + CUT;
            }
            if (bytes <= maxBytes - CUT.length()) {
                kept = next;
            }
            i = next;
        }
        return text;
    }

    private static int bytesOf(int character) {
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
}
