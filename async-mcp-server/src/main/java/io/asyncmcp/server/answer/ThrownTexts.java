package io.asyncmcp.server.answer;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a tool throws for its caller to read from what describes the inside of the server: statements, paths, hosts,
 * classes, beans.
 *
 * <p>It goes by the kind of exception. Told are {@code IllegalArgumentException}, {@code IllegalStateException} and the others
 * that code throws on purpose, MCP's own errors, what validation and access rules say, and exceptions of the application and
 * of libraries that are not known here. Kept back are errors, all other exceptions of the JDK, of Jakarta, of Spring and of
 * libraries that reach databases and networks, everything derived from them, and any text that repeats that of a cause which is
 * kept back.
 */
final class ThrownTexts {

    /** Longer chains are those that have no end. */
    private static final int MAX_CAUSES = 20;

    /** What is told is no longer. */
    private static final int MAX_TOLD = 16 * 1024;

    private static final int MAX_REPEATED = 256;

    /** Where a walk up the classes ends, and those that are thrown with words for the caller. */
    private static final Set<Class<?>> TOLD = Set.of(
            Exception.class,
            RuntimeException.class,
            IllegalArgumentException.class,
            NumberFormatException.class,
            IllegalStateException.class,
            CancellationException.class,
            UnsupportedOperationException.class,
            SecurityException.class,
            NoSuchElementException.class,
            TimeoutException.class);

    private static final List<String> TOLD_PACKAGES = List.of(
            "java.time.",
            "io.modelcontextprotocol.",
            "jakarta.validation.",
            "org.springframework.security.access.",
            "org.springframework.security.authorization.");

    private static final List<String> INFRASTRUCTURE = List.of(
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "jakarta.",
            "kotlin.",
            "kotlinx.",
            "org.springframework.",
            "org.hibernate.",
            "org.jooq.",
            "org.apache.",
            "org.eclipse.",
            "com.zaxxer.",
            "com.fasterxml.",
            "tools.jackson.",
            "com.mongodb.",
            "io.lettuce.",
            "io.netty.",
            "io.grpc.",
            "io.r2dbc.",
            "reactor.",
            "redis.clients.",
            "software.amazon.",
            "com.amazonaws.",
            "com.azure.",
            "okhttp3.",
            "retrofit2.",
            "feign.");

    /** What the JDK says of a name that is none. */
    private static final Pattern PACKAGE_OF_AN_ENUM = Pattern.compile("^No enum constant (?:[a-z][a-z0-9_]*+\\.)++");

    private ThrownTexts() {}

    /**
     * Returns the words for the caller.
     *
     * @param thrown what a tool threw
     * @return its message, or {@code null} if it was not written for callers
     */
    static @Nullable String forCaller(Throwable thrown) {
        Throwable told = unwrapped(thrown);
        String message = message(told);
        return message == null || isInternal(told) || repeatsAnInternalCause(told, message)
                ? null
                : PACKAGE_OF_AN_ENUM.matcher(message).replaceFirst("No enum constant ");
    }

    /** What wraps alone has no words of its own. */
    private static Throwable unwrapped(Throwable thrown) {
        Throwable each = thrown;
        for (int i = 0; i < MAX_CAUSES && each.getCause() != null && isWrapper(each); i++) {
            each = each.getCause();
        }
        return each;
    }

    private static boolean isWrapper(Throwable thrown) {
        return thrown instanceof CompletionException
                || thrown instanceof ExecutionException
                || thrown instanceof InvocationTargetException
                || thrown instanceof UndeclaredThrowableException;
    }

    private static boolean isInternal(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            if (type == IOException.class) {
                return !isMadeByTheApplication(thrown);
            }
            if (TOLD.contains(type) || startsWithOne(type.getName(), TOLD_PACKAGES)) {
                return false;
            }
            if (startsWithOne(type.getName(), INFRASTRUCTURE)) {
                return true;
            }
        }
        return true;
    }

    /** Tools throw a plain {@code IOException} with words for people. The JDK does too, with paths and addresses. */
    private static boolean isMadeByTheApplication(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length > 0 && !startsWithOne(trace[0].getClassName(), INFRASTRUCTURE);
    }

    /** Code that wraps an exception often repeats its message, and Java does so where no other message is given. */
    private static boolean repeatsAnInternalCause(Throwable thrown, String message) {
        // Both may quote what a client has sent, and to look for one text in another takes the product of their
        // lengths.
        String told = start(message, MAX_TOLD);
        Throwable cause = thrown.getCause();
        for (int i = 0; i < MAX_CAUSES && cause != null; i++, cause = cause.getCause()) {
            if (message.equals(String.valueOf(cause))) {
                return true;
            }
            String repeated = isInternal(cause) ? message(cause) : null;
            if (repeated != null && told.contains(start(repeated, MAX_REPEATED))) {
                return true;
            }
        }
        return false;
    }

    private static String start(String text, int length) {
        return text.substring(0, Math.min(length, text.length()));
    }

    /** Users' code, which may throw as well. */
    private static @Nullable String message(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null || message.isBlank() ? null : message;
        } catch (Throwable broken) {
            return null;
        }
    }

    private static boolean startsWithOne(String name, List<String> prefixes) {
        return prefixes.stream().anyMatch(name::startsWith);
    }
}
