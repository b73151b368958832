package io.asyncmcp.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks after exchanges that are not answered at once: turns those that take long into streams, comments on silent streams, and
 * gives up clients that do not read. One timer task looks at all of them, so that an exchange costs next to nothing. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Heartbeat implements AutoCloseable {

    private static final Duration LONGEST_LOOK = Duration.ofMillis(250);

    private final ScheduledExecutorService timer;

    private final long looksToStream;

    private final long looksToBeat;

    /** With the number of looks so far. */
    private final ConcurrentMap<HttpExchange, AtomicLong> open = new ConcurrentHashMap<>();

    /**
     * A response becomes a stream after {@code streamAfter}; a stream is silent for about {@code interval} at most. {@link #close}
     * shuts {@code timer} down.
     */
    public Heartbeat(Duration streamAfter, Duration interval, ScheduledExecutorService timer) {
        this.timer = timer;
        long look =
                Math.max(1, Math.min(LONGEST_LOOK.toMillis(), Math.min(streamAfter.toMillis(), interval.toMillis())));
        this.looksToStream = Math.max(1, streamAfter.toMillis() / look);
        this.looksToBeat = Math.max(1, interval.toMillis() / look);
        timer.scheduleWithFixedDelay(this::look, look, look, TimeUnit.MILLISECONDS);
    }

    /** Looks after an exchange until its response has been written or its connection is lost. */
    public void watch(HttpExchange exchange) {
        // A response in one piece is usually written by now, or soon will be.
        if (!exchange.ended().toCompletableFuture().isDone() || exchange.isStream()) {
            watchAnyway(exchange);
        }
    }

    /** Looks after an exchange whose response in one piece may take long to write. */
    public void watchAnyway(HttpExchange exchange) {
        if (open.putIfAbsent(exchange, new AtomicLong()) == null) {
            exchange.whenWritten().thenRun(() -> open.remove(exchange));
        }
    }

    /** Runs an action, which must not block, at that interval until the heartbeat is closed. */
    public void every(Duration interval, Runnable action) {
        timer.scheduleWithFixedDelay(action, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        for (Map.Entry<HttpExchange, AtomicLong> each : open.entrySet()) {
            long looks = each.getValue().incrementAndGet();
            each.getKey().beat(looks >= looksToStream, looks % looksToBeat == 0);
        }
    }

    @Override
    public void close() {
        timer.shutdown();
        open.clear();
    }
}
