package io.asyncmcp.server.tool;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.RequestStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The calls of each session that wait for their reply, to recognize one made again before the news that its client gave the first
 * one up: a client sends both at once, on two connections. A call that equals one without a reply waits a moment for that news;
 * equal calls that are meant to run side by side lose no more than the moment. Thread-safe.
 *
 * @since 0.1.0
 */
public final class EqualCalls implements AutoCloseable {

    private static final CompletionStage<@Nullable Void> AT_ONCE = CompletableFuture.completedStage(null);

    private final Duration moment;

    private final ScheduledExecutorService timer;

    private final Executor executor;

    private final Ticker ticker;

    /** Holds a group while it has calls without a reply. Changed under its key's lock. */
    private final ConcurrentMap<Key, Group> groups = new ConcurrentHashMap<>();

    /** Creates it; {@code moment} limits the wait, {@code executor} continues calls after it, and {@link #close} ends the timer. */
    public EqualCalls(Duration moment, ScheduledExecutorService timer, Executor executor, Ticker ticker) {
        this.moment = moment;
        this.timer = timer;
        this.executor = executor;
        this.ticker = ticker;
    }

    /** The hash is taken once: a tool may change its arguments while the key is in use. */
    private record Key(String sessionId, OperationOwner owner, String tool, Map<String, Object> arguments, int hash) {

        /** Nothing ties a cancellation to a call without a session. */
        static @Nullable Key of(OperationOwner owner, ToolCall call) {
            String session = call.sessionId();
            Map<String, Object> arguments = call.request().arguments();
            return session == null
                    ? null
                    : new Key(session, owner, call.request().name(), arguments, Objects.hash(session, arguments));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Guarded by the lock of its key. */
    private static final class Group {

        /** The key in the map: an equal one may differ later, if a tool changes its arguments. */
        private final Key key;

        private int withoutReply;

        private final long since;

        private Group(Key key, long since) {
            this.key = key;
            this.since = since;
        }

        private final Queue<Waiting> waiting = new ArrayDeque<>();
    }

    private static final class Waiting {

        private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();

        private volatile @Nullable Future<?> moment;

        void end(Executor executor) {
            Future<?> timing = moment;
            if (timing != null) {
                timing.cancel(false);
            }
            try {
                // What goes on from here starts operations, which neither the timer nor a transport's reader has time
                // for.
                executor.execute(() -> over.complete(null));
            } catch (RejectedExecutionException e) {
                over.complete(null);
            }
        }
    }

    /** Notes a call without a reply; {@code givenUp} ends once its client gave up and the next equal call finds the operation. */
    void opened(OperationOwner owner, ToolCall call, CompletionStage<?> givenUp) {
        Key key = Key.of(owner, call);
        RequestStream stream = call.stream();
        if (key == null || stream == null) {
            return;
        }
        Key kept = groups.compute(key, (same, known) -> {
                    Group group = known == null ? new Group(key, ticker.read()) : known;
                    group.withoutReply++;
                    return group;
                })
                .key;
        AtomicBoolean open = new AtomicBoolean(true);
        givenUp.whenComplete((done, error) -> closed(kept, open, true));
        stream.replied().thenRun(() -> closed(kept, open, false));
    }

    /** A call that was given up releases one that waits; once all have their replies, all that wait are released. */
    private void closed(Key key, AtomicBoolean open, boolean givenUp) {
        if (!open.compareAndSet(true, false)) {
            return;
        }
        Queue<Waiting> next = new ArrayDeque<>();
        groups.computeIfPresent(key, (same, group) -> {
            group.withoutReply--;
            Waiting first = givenUp ? group.waiting.poll() : null;
            if (first != null) {
                next.add(first);
            }
            if (group.withoutReply > 0) {
                return group;
            }
            next.addAll(group.waiting);
            return null;
        });
        next.forEach(waiting -> waiting.end(executor));
    }

    /** Ends when an equal call of the session is given up or has its reply, or after the moment; at once if there is none. */
    CompletionStage<@Nullable Void> settled(OperationOwner owner, ToolCall call) {
        // Hardly ever is there anything: other calls must not pay for a hash.
        Key key = groups.isEmpty() ? null : Key.of(owner, call);
        if (key == null) {
            return AT_ONCE;
        }
        Waiting waiting = new Waiting();
        Group group = groups.computeIfPresent(key, (same, known) -> {
            known.waiting.add(waiting);
            return known;
        });
        if (group == null) {
            return AT_ONCE;
        }
        try {
            waiting.moment =
                    timer.schedule(() -> momentOver(group.key, waiting), moment.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The server is shutting down.
            momentOver(group.key, waiting);
        }
        return waiting.over;
    }

    /** Returns how long an equal call of the session has had no reply, or {@code null} if there is none. */
    @Nullable
    Duration unansweredFor(OperationOwner owner, ToolCall call) {
        Key key = groups.isEmpty() ? null : Key.of(owner, call);
        Group group = key == null ? null : groups.get(key);
        return group == null ? null : Duration.ofNanos(ticker.read() - group.since);
    }

    private void momentOver(Key key, Waiting waiting) {
        groups.computeIfPresent(key, (same, group) -> {
            group.waiting.remove(waiting);
            return group;
        });
        waiting.end(executor);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
