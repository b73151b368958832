package io.asyncmcp.server.json;

/**
 * JSON as text: how long texts are where they are written, in UTF-8, and what is in a text that nobody has parsed.
 *
 * @since 0.1.0
 */
public final class JsonText {

    private static final int ESCAPED = 2;

    /** Such as {@code \\u001f}: control characters, and halves of surrogate pairs, for which UTF-8 has no place. */
    private static final int ESCAPED_BY_NUMBER = 6;

    private JsonText() {}

    /** Returns the bytes of a text without the quotes around it. */
    static long size(CharSequence text) {
        long size = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                size += ascii(c);
            } else if (c < 0x800) {
                size += 2;
            } else if (!Character.isSurrogate(c)) {
                size += 3;
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                size += 4;
                i++;
            } else {
                size += ESCAPED_BY_NUMBER;
            }
        }
        return size;
    }

    private static int ascii(char c) {
        if (c == '"' || c == '\\') {
            return ESCAPED;
        }
        if (c >= ' ') {
            return 1;
        }
        return c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f' ? ESCAPED : ESCAPED_BY_NUMBER;
    }

    /**
     * Looks for bytes, before anybody has parsed the text that they may be in.
     *
     * @param body where to look
     * @param part what to look for, some bytes
     * @return {@code true} if they are there, be it where they mean something else
     */
    public static boolean contains(byte[] body, byte[] part) {
        for (int start = 0; start <= body.length - part.length; start++) {
            int matched = 0;
            while (matched < part.length && body[start + matched] == part[matched]) {
                matched++;
            }
            if (matched == part.length) {
                return true;
            }
        }
        return false;
    }
}
