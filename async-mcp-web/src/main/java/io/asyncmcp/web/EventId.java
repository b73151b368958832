package io.asyncmcp.web;

import org.jspecify.annotations.Nullable;

/** The id of an event, as a client that lost its connection sends it back; the name of a stream is unique in its session. */
record EventId(String stream, long number) {

    private static final int MAX_LENGTH = 40;

    private static final String LISTENING = "L";

    /** Names a stream. */
    static String stream(long count, boolean listening) {
        return listening ? LISTENING + count : String.valueOf(count);
    }

    /** Reads an id; returns {@code null} for one that is not ours. */
    static @Nullable EventId of(String text) {
        int dash = text.indexOf('-');
        if (dash <= 0 || text.length() > MAX_LENGTH) {
            return null;
        }
        try {
            return new EventId(text.substring(0, dash), Long.parseLong(text.substring(dash + 1)));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Tells whether the client listens on the stream between its requests. */
    boolean isOfListening() {
        return isOfListening(stream);
    }

    static boolean isOfListening(String stream) {
        return stream.startsWith(LISTENING);
    }
}
