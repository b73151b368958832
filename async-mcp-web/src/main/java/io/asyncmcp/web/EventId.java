package io.asyncmcp.web;

import org.jspecify.annotations.Nullable;

/**
 * The id of an event, as a client that has lost its connection sends it back.
 *
 * @param stream the stream, which no other one of the session has the name of
 * @param number the event's number in it
 */
record EventId(String stream, long number) {

    private static final int MAX_LENGTH = 40;

    private static final String LISTENING = "L";

    /** Names a stream. */
    static String stream(long count, boolean listening) {
        return listening ? LISTENING + count : String.valueOf(count);
    }

    /** Reads an id; returns {@code null} for one that is not of ours. */
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

    /** Tells whether the client listens on a stream of this name between its requests. */
    static boolean isOfListening(String stream) {
        return stream.startsWith(LISTENING);
    }
}
