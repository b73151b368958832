package io.asyncmcp.server.answer;

/**
 * Text of somebody else's inside a text of ours: what a tool reports, what a client calls itself.
 *
 * <p>It stays on one line and within a length, so that it can neither pass for a line of ours nor hide what follows.
 *
 * @since 0.1.0
 */
public final class OneLine {

    private static final String MORE = "...";

    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;

    private static final int ZERO_WIDTH_JOINER = 0x200D;

    private OneLine() {}

    /**
     * Puts a text on one line.
     *
     * @param text any text
     * @param maxLength the length that the result does not exceed, in characters
     * @return the text with a space for each control character and line break, without what is invisible or changes the
     *     direction of writing, and cut
     */
    public static String of(String text, int maxLength) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), maxLength));
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (isDropped(character)) {
                continue;
            }
            int shown = isBreak(character) ? ' ' : character;
            if (line.length() + Character.charCount(shown) > maxLength) {
                return cut(line, maxLength);
            }
            line.appendCodePoint(shown);
        }
        return line.toString();
    }

    /**
     * Puts a text on one line and between double quotes, which it cannot close itself.
     *
     * @param text any text
     * @param maxLength the length that the text between the quotes does not exceed, in characters
     * @return the quoted line
     */
    public static String quoted(String text, int maxLength) {
        return '"' + of(text, maxLength).replace('"', '\'') + '"';
    }

    private static String cut(StringBuilder line, int maxLength) {
        int end = Math.max(0, Math.min(line.length(), maxLength - MORE.length()));
        if (end > 0 && Character.isHighSurrogate(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end) + MORE;
    }

    private static boolean isBreak(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }

    /** Joiners are part of words and of emoji. */
    private static boolean isDropped(int character) {
        int type = Character.getType(character);
        return type == Character.SURROGATE
                || type == Character.FORMAT && character != ZERO_WIDTH_NON_JOINER && character != ZERO_WIDTH_JOINER;
    }
}
