package io.asyncmcp.server.transport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Comments on event streams on which nothing else is sent, so that clients and proxies do not take silence for an end, and
 * that the server notices clients that have gone.
 *
 * <p>One timer task looks at all streams, so that opening one costs next to nothing. A stream is silent for less than two
 * intervals. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Heartbeats implements AutoCloseable {

    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final ScheduledExecutorService timer;

    private final Executor delivery;

    private final Set<Stream> open = ConcurrentHashMap.newKeySet();

    /**
     * Creates it.
     *
     * @param interval how often to look
     * @param timer looks; shut down with this
     * @param delivery the threads that write to clients
     */
    public Heartbeats(Duration interval, ScheduledExecutorService timer, Executor delivery) {
        this.timer = timer;
        this.delivery = delivery;
        timer.scheduleWithFixedDelay(this::beat, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Returns what is to be written.
     *
     * @return an event stream's comment, as a new array
     */
    public static byte[] comment() {
        return COMMENT.clone();
    }

    /**
     * Begins to look after a stream.
     *
     * @param comment writes a comment; called by one thread at a time, and may block on a slow client
     * @return the stream, to be closed at its end
     */
    public Stream open(Runnable comment) {
        Stream stream = new Stream(comment);
        open.add(stream);
        return stream;
    }

    private void beat() {
        open.forEach(Stream::beat);
    }

    @Override
    public void close() {
        timer.shutdown();
        open.clear();
    }

    /** An event stream that is open. */
    public final class Stream implements AutoCloseable {

        private final Runnable comment;

        /** Whether something was sent since the last look; that it was opened counts. */
        private volatile boolean heard = true;

        /** Whether a comment is on its way. A client that does not read is sent no second one. */
        private final AtomicBoolean commenting = new AtomicBoolean();

        private Stream(Runnable comment) {
            this.comment = comment;
        }

        /** Tells that something was sent. */
        public void sent() {
            heard = true;
        }

        private void beat() {
            if (heard) {
                heard = false;
            } else if (commenting.compareAndSet(false, true)) {
                try {
                    delivery.execute(this::write);
                } catch (RejectedExecutionException e) {
                    // The server is shutting down.
                    close();
                }
            }
        }

        private void write() {
            try {
                comment.run();
            } finally {
                commenting.set(false);
            }
        }

        @Override
        public void close() {
            open.remove(this);
        }
    }
}
