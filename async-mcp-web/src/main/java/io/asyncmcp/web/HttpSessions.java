package io.asyncmcp.web;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open sessions. If there are too many, the one that has been idle for longest goes. Thread-safe. */
final class HttpSessions {

    private final Limits limits;

    private final Ticker ticker;

    /** Last used comes last. Guarded by this. */
    private final Map<String, HttpSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /** How many each caller has opened. Guarded by this. */
    private final Map<String, Integer> byCaller = new HashMap<>();

    HttpSessions(Limits limits, Ticker ticker) {
        this.limits = limits;
        this.ticker = ticker;
    }

    /** {@code idleTimeout} and {@code max} are zero for no limit; one caller may have opened {@code maxOfOne} of them. */
    record Limits(Duration idleTimeout, int max, int maxOfOne) {}

    /** Adds a session; returns {@code false} if another one has to go first. */
    synchronized boolean add(HttpSession session) {
        if (isFull(session.openedBy()) || isFull()) {
            return false;
        }
        session.used(ticker.read());
        session.whenUsed(() -> get(session.id()));
        sessions.put(session.id(), session);
        byCaller.merge(session.openedBy(), 1, Integer::sum);
        return true;
    }

    private boolean isFull() {
        return limits.max() > 0 && sessions.size() >= limits.max();
    }

    private boolean isFull(String caller) {
        return limits.max() > 0 && byCaller.getOrDefault(caller, 0) >= limits.maxOfOne();
    }

    /** Returns which session goes next for a new one of a caller, or {@code null} if none of them is idle. */
    synchronized @Nullable HttpSession nextToGo(String caller) {
        boolean own = isFull(caller);
        return sessions.values().stream()
                .filter(session -> session.idleSince() != null
                        && (!own || session.openedBy().equals(caller)))
                .findFirst()
                .orElse(null);
    }

    /** Removes a session in which nothing goes on; returns {@code false} if something does, or it is no longer there. */
    synchronized boolean removeIdle(HttpSession session) {
        boolean idle = sessions.containsKey(session.id()) && session.idleSince() != null;
        if (idle) {
            remove(session);
        }
        return idle;
    }

    /** Returns a session, which counts as used by that. */
    synchronized @Nullable HttpSession get(String id) {
        HttpSession session = sessions.get(id);
        if (session != null) {
            session.used(ticker.read());
        }
        return session;
    }

    synchronized void remove(HttpSession session) {
        if (sessions.remove(session.id(), session)) {
            byCaller.computeIfPresent(session.openedBy(), (caller, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Returns the sessions that have been idle for too long. */
    synchronized List<HttpSession> idle() {
        if (limits.idleTimeout().isZero()) {
            return List.of();
        }
        long now = ticker.read();
        return sessions.values().stream()
                .filter(session -> isIdle(session, now))
                .toList();
    }

    private boolean isIdle(HttpSession session, long now) {
        Long idleSince = session.idleSince();
        return idleSince != null && now - idleSince >= limits.idleTimeout().toNanos();
    }

    /** Removes a session idle for too long; returns {@code false} if it was used meanwhile, or is no longer there. */
    synchronized boolean expire(HttpSession session) {
        boolean expired = sessions.containsKey(session.id()) && isIdle(session, ticker.read());
        if (expired) {
            remove(session);
        }
        return expired;
    }

    synchronized Collection<HttpSession> all() {
        return new ArrayList<>(sessions.values());
    }

    synchronized int size() {
        return sessions.size();
    }
}
