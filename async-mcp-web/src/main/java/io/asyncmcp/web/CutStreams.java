package io.asyncmcp.web;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.http.EventStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Streams of events whose clients may come back because their connection was lost, in all sessions: for a minute each, and few at
 * a time, because they seldom do. Thread-safe.
 */
final class CutStreams {

    private static final Duration KEPT = Duration.ofMinutes(1);

    /** With at most 64 KB each. */
    static final int MAX = 256;

    static final int MAX_OF_ONE = MAX / 2;

    private final Ticker ticker;

    /** The oldest first. Guarded by this. */
    private final Deque<Cut> all = new ArrayDeque<>();

    /** Guarded by this. */
    private final Map<String, Integer> byCaller = new HashMap<>();

    CutStreams(Ticker ticker) {
        this.ticker = ticker;
    }

    private record Cut(HttpSession session, String id, EventStream events, long since) {}

    /** Keeps a stream, in the place of one of those who have most if need be, unless its session has ended. */
    synchronized void add(HttpSession session, String id, EventStream events) {
        if (session.isClosed()) {
            events.forget();
            session.forget(id);
            return;
        }
        String caller = session.openedBy();
        if (byCaller.getOrDefault(caller, 0) >= MAX_OF_ONE) {
            forgetOldest(caller);
        }
        if (all.size() >= MAX) {
            forgetOldest(Collections.max(byCaller.entrySet(), Map.Entry.comparingByValue())
                    .getKey());
        }
        all.addLast(new Cut(session, id, events, ticker.read()));
        byCaller.merge(caller, 1, Integer::sum);
    }

    /** Guarded by this. */
    private void forgetOldest(String caller) {
        for (Cut cut : all) {
            if (cut.session().openedBy().equals(caller)) {
                all.remove(cut);
                forget(cut);
                return;
            }
        }
    }

    /** The client of a stream has come back. */
    synchronized void remove(HttpSession session, String id) {
        all.removeIf(cut -> {
            boolean resumed = cut.session() == session && cut.id().equals(id);
            if (resumed) {
                discount(cut);
            }
            return resumed;
        });
    }

    /** Lets go of the streams of a session, which has ended. */
    synchronized void forgetAll(HttpSession session) {
        all.removeIf(cut -> {
            boolean ended = cut.session() == session;
            if (ended) {
                forget(cut);
            }
            return ended;
        });
    }

    /** Lets go of those whose clients have not come back in time. */
    synchronized void expire() {
        long now = ticker.read();
        while (!all.isEmpty() && now - all.getFirst().since() >= KEPT.toNanos()) {
            Cut oldest = all.removeFirst();
            forget(oldest);
        }
    }

    /** Guarded by this. */
    private void forget(Cut cut) {
        discount(cut);
        // Does nothing to a stream whose client has come back.
        if (cut.events().forget()) {
            cut.session().forget(cut.id());
        }
    }

    /** Guarded by this. */
    private void discount(Cut cut) {
        byCaller.computeIfPresent(cut.session().openedBy(), (caller, count) -> count == 1 ? null : count - 1);
    }

    synchronized int size() {
        return all.size();
    }
}
