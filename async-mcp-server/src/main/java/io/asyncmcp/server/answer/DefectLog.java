package io.asyncmcp.server.answer;

import io.asyncmcp.server.json.JsonFailures;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs what should not have gone wrong: with the stack trace the first time, and with a line from then on. A client that knows
 * what makes it go wrong could fill the log with traces. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DefectLog {

    /** There are not that many places; the rest gets lines. */
    private static final int MAX_PLACES = 1_000;

    private final Logger logger;

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    /**
     * Creates it.
     *
     * @param logger where to log
     */
    public DefectLog(Logger logger) {
        this.logger = logger;
    }

    /**
     * Logs a defect.
     *
     * @param message what failed; the same text each time
     * @param error why, or {@code null} if that is not known
     */
    public void log(String message, @Nullable Throwable error) {
        if (error == null) {
            logger.error(message);
            return;
        }
        String place = place(error);
        if (known.size() < MAX_PLACES && known.add(message + place)) {
            logger.error(message, JsonFailures.loggable(error));
        } else {
            logger.error("{}: {}", message, place);
        }
    }

    /**
     * Says what was thrown and where, without the message, which may quote what a client sent.
     *
     * @return the class, the method and the line
     */
    public static String place(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        String type = thrown.getClass().getName();
        return trace.length == 0
                ? type
                : type + " at " + trace[0].getClassName() + "." + trace[0].getMethodName() + "("
                        + trace[0].getFileName() + ":" + trace[0].getLineNumber() + ")";
    }
}
