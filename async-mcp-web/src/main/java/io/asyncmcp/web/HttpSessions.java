package io.asyncmcp.web;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that are open, as many as there may be. Where there are too many the one goes that has been idle for longest.
 * Thread-safe.
 */
final class HttpSessions {

    private final Limits limits;

    private final Ticker ticker;

    /** The one that was used last is the last. Guarded by this. */
    private final Map<String, HttpSession> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /** How many each caller has opened. Guarded by this. */
    private final Map<String, Integer> byCaller = new HashMap<>();

    HttpSessions(Limits limits, Ticker ticker) {
        this.limits = limits;
        this.ticker = ticker;
    }

    /**
     * How many sessions there may be, and for how long.
     *
     * @param idleTimeout how long a session lasts in which nothing goes on; zero for ever
     * @param max how many there may be; zero for any number
     * @param maxOfOne how many of them one caller may have opened
     */
    record Limits(Duration idleTimeout, int max, int maxOfOne) {}

    /**
     * Adds a session.
     *
     * @param session the session
     * @return the sessions that had to go for it, or {@code null} if it finds no place because something goes on in all others
     */
    synchronized @Nullable List<HttpSession> add(HttpSession session) {
        List<HttpSession> gone = new ArrayList<>(1);
        if (limits.max() > 0) {
            if (byCaller.getOrDefault(session.openedBy(), 0) >= limits.maxOfOne()) {
                HttpSession own = removeOldest(other -> other.openedBy().equals(session.openedBy()));
                if (own == null) {
                    return null;
                }
                gone.add(own);
            }
            if (sessions.size() >= limits.max()) {
                HttpSession any = removeOldest(other -> true);
                if (any == null) {
                    return null;
                }
                gone.add(any);
            }
        }
        session.used(ticker.read());
        sessions.put(session.id(), session);
        byCaller.merge(session.openedBy(), 1, Integer::sum);
        return gone;
    }

    /** Guarded by this. */
    private @Nullable HttpSession removeOldest(Predicate<HttpSession> wanted) {
        HttpSession oldest = sessions.values().stream()
                .filter(wanted.and(session -> session.idleSince() != null))
                .findFirst()
                .orElse(null);
        if (oldest != null) {
            remove(oldest);
        }
        return oldest;
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

    /**
     * Takes a session out that has been idle for too long.
     *
     * @return {@code false} if it has been used meanwhile, or is not there any more
     */
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
