package io.asyncmcp.server.json;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong with JSON, in a form that a log may have.
 *
 * <p>Jackson's messages quote what was read: arguments, results and answers, which are nobody's but their owner's. Code that
 * wraps such an error often repeats its message.
 *
 * @since 0.1.0
 */
public final class JsonFailures {

    /** Longer chains are those that have no end. */
    private static final int MAX_CAUSES = 20;

    private JsonFailures() {}

    /**
     * Tells whether Jackson threw it.
     *
     * @param thrown any error
     * @return {@code true} for Jackson's own
     */
    public static boolean isOfJackson(Throwable thrown) {
        String type = thrown.getClass().getName();
        return type.startsWith("tools.jackson.") || type.startsWith("com.fasterxml.jackson.");
    }

    /**
     * Returns what may be logged of an error.
     *
     * @return the error; if JSON has to do with it, its classes and where they were thrown, without their messages
     */
    public static Throwable loggable(Throwable error) {
        int causes = 0;
        for (Throwable each = error; each != null && causes < MAX_CAUSES; each = each.getCause()) {
            if (isOfJackson(each)) {
                return new WithoutMessage(error, 0);
            }
            causes++;
        }
        return error;
    }

    private static final class WithoutMessage extends RuntimeException {

        private static final long serialVersionUID = 1L;

        WithoutMessage(Throwable original, int depth) {
            super(
                    original.getClass().getName() + ", whose message may quote the JSON and is left out",
                    causeOf(original, depth),
                    false,
                    true);
            setStackTrace(original.getStackTrace());
        }

        private static @Nullable Throwable causeOf(Throwable original, int depth) {
            Throwable cause = original.getCause();
            return cause == null || depth == MAX_CAUSES ? null : new WithoutMessage(cause, depth + 1);
        }
    }
}
