package io.asyncmcp.autoconfigure.http;

import io.asyncmcp.server.http.OpenExchanges;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Settings of the Streamable HTTP endpoint, beside those of {@code spring.ai.mcp.server.streamable-http}.
 *
 * @param response How requests are answered: "auto" for one JSON object if it comes soon and nothing is said before it, and for
 * a stream of events otherwise; "stream" for streams alone.
 * @param streamAfter How long a client waits for one JSON object before its response becomes a stream of events.
 * @param sessionIdleTimeout How long a session lasts in which nothing goes on, and that is not needed to come back for an operation of
 * an anonymous client. Zero for ever.
 * @param maxSessions How many sessions there may be at the same time, of which one caller may have opened half. When there are more
 * the one ends that has been idle for longest, of those that no anonymous client needs to come back for an operation. By default one
 * for every 128 KB of the heap, and 10000 at most. Zero for any number.
 * @param maxOpenRequests How many requests may be open at the same time, streams on which clients listen among them, of which one
 * caller may have half. By default as many as a quarter of the heap has room for, with 128 KB each on WebMVC and 64 KB on WebFlux. Zero
 * for any number.
 * @since 0.1.0
 */
@ConfigurationProperties("async.mcp.http")
public record HttpProperties(
        @DefaultValue("auto") Response response,

        @DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS)
        Duration streamAfter,

        @DefaultValue("30m") @DurationUnit(ChronoUnit.SECONDS)
        Duration sessionIdleTimeout,

        @Nullable Integer maxSessions,

        @Nullable Integer maxOpenRequests) {

    private static final int MAX_SESSIONS = 10_000;

    /** Three times what the largest takes up, most of it what its client says of itself. */
    private static final int BYTES_OF_A_SESSION = 128 * 1024;

    public HttpProperties {
        require("stream-after must be positive", streamAfter, !streamAfter.isZero() && !streamAfter.isNegative());
        require("session-idle-timeout must not be negative", sessionIdleTimeout, !sessionIdleTimeout.isNegative());
        if (maxSessions != null) {
            require("max-sessions must not be negative", maxSessions, maxSessions >= 0);
        }
        if (maxOpenRequests != null) {
            require("max-open-requests must not be negative", maxOpenRequests, maxOpenRequests >= 0);
        }
    }

    /** Returns how many sessions there may be; zero for any number. */
    int sessions() {
        return maxSessions == null ? Math.min(MAX_SESSIONS, heapHasRoomFor(BYTES_OF_A_SESSION)) : maxSessions;
    }

    /**
     * Makes the limit on open requests.
     *
     * @param bytes what one of them takes up by itself, about
     * @return the limit
     */
    OpenExchanges toOpenExchanges(int bytes) {
        return new OpenExchanges(maxOpenRequests == null ? heapHasRoomFor(4L * bytes) : maxOpenRequests);
    }

    private static int heapHasRoomFor(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / bytes);
    }

    private static void require(String rule, Object value, boolean kept) {
        if (!kept) {
            throw new IllegalArgumentException("async.mcp.http." + rule + ", but was " + value);
        }
    }

    /** How requests are answered. */
    public enum Response {
        /** By one JSON object if it comes soon, by a stream of events otherwise. */
        AUTO,
        /** By streams of events alone. */
        STREAM
    }
}
