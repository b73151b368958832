package io.asyncmcp.server.answer;

import io.asyncmcp.Progress;
import org.jspecify.annotations.Nullable;

/** What is said of an operation's progress. The message is the tool's, or its user's, and is marked as such. */
final class ProgressTexts {

    /** A line in a list; for more there are results and log messages. */
    private static final int MAX_MESSAGE = 200;

    private ProgressTexts() {}

    /** The amount, and the message in quotes; empty if nothing is known. */
    static String of(@Nullable Progress progress) {
        if (progress == null) {
            return "";
        }
        String amount = number(progress.progress());
        if (progress.total() != null) {
            amount += " of " + number(progress.total());
        }
        String message = progress.message();
        return message == null ? amount : amount + ", " + OneLine.quoted(message, MAX_MESSAGE);
    }

    /** The message alone, for where a name says whose it is. */
    static String message(String message) {
        return OneLine.of(message, MAX_MESSAGE);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
