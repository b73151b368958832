package io.asyncmcp.web;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.http.EventStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Streams of all sessions for which clients may come back after a lost connection: few, for a minute each. Thread-safe. */
final class ResumableStreams {

    private static final Duration KEPT = Duration.ofMinutes(1);

    /** With at most 64 KB each. */
    static final int MAX = 256;

    static final int MAX_OF_ONE = MAX / 2;

    private final Ticker ticker;

    // Guarded by this.

    private final Pool cut = new Pool();

    /** The end of these may still have been on its way when the connection broke. */
    private final Pool written = new Pool();

    ResumableStreams(Ticker ticker) {
        this.ticker = ticker;
    }

    private record Kept(HttpSession session, String id, EventStream events, long since) {}

    /** Keeps a stream, unless its session has ended; if need be, the oldest of a caller who has most goes for it. */
    synchronized void add(HttpSession session, String id, EventStream events) {
        if (session.isClosed()) {
            events.forget();
            session.forget(id);
            return;
        }
        Pool pool = events.isComplete() ? written : cut;
        pool.add(new Kept(session, id, events, ticker.read()));
    }

    /** The client of a stream has come back. */
    synchronized void remove(HttpSession session, String id) {
        pools().forEach(pool -> pool.remove(session, id));
    }

    synchronized void forgetAll(HttpSession session) {
        pools().forEach(pool -> pool.forgetAll(session));
    }

    synchronized void expire() {
        long now = ticker.read();
        pools().forEach(pool -> pool.expire(now));
    }

    private List<Pool> pools() {
        return List.of(cut, written);
    }

    synchronized int cut() {
        return cut.all.size();
    }

    synchronized int written() {
        return written.all.size();
    }

    /** Streams that share room: one pool of cut streams, one of those written to their end. Guarded by the outer instance. */
    private static final class Pool {

        /** The oldest first. */
        private final Deque<Kept> all = new ArrayDeque<>();

        private final Map<String, Integer> byCaller = new HashMap<>();

        void add(Kept stream) {
            String caller = stream.session().openedBy();
            if (byCaller.getOrDefault(caller, 0) >= MAX_OF_ONE) {
                forgetOldest(caller);
            }
            if (all.size() >= MAX) {
                forgetOldest(Collections.max(byCaller.entrySet(), Map.Entry.comparingByValue())
                        .getKey());
            }
            all.addLast(stream);
            byCaller.merge(caller, 1, Integer::sum);
        }

        private void forgetOldest(String caller) {
            for (Kept stream : all) {
                if (stream.session().openedBy().equals(caller)) {
                    all.remove(stream);
                    forget(stream);
                    return;
                }
            }
        }

        void remove(HttpSession session, String id) {
            all.removeIf(stream -> {
                boolean resumed = stream.session() == session && stream.id().equals(id);
                if (resumed) {
                    discount(stream);
                }
                return resumed;
            });
        }

        void forgetAll(HttpSession session) {
            all.removeIf(stream -> {
                boolean ended = stream.session() == session;
                if (ended) {
                    forget(stream);
                }
                return ended;
            });
        }

        void expire(long now) {
            while (!all.isEmpty() && now - all.getFirst().since() >= KEPT.toNanos()) {
                forget(all.removeFirst());
            }
        }

        private void forget(Kept stream) {
            discount(stream);
            // Does nothing to a stream whose client has come back.
            if (stream.events().forget()) {
                stream.session().forget(stream.id());
            }
        }

        private void discount(Kept stream) {
            byCaller.computeIfPresent(stream.session().openedBy(), (caller, count) -> count == 1 ? null : count - 1);
        }
    }
}
