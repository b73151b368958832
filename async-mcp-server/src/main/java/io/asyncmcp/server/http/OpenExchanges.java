package io.asyncmcp.server.http;

import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.OperationRejectedException.Limit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the requests that are open at once, of each caller and of all: those that wait, and streams on which clients listen. Each
 * holds a connection with its buffers, whatever it says. One caller may have half, and a quarter is kept for requests that do not
 * listen. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OpenExchanges {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    /** What a request is, as far as it may stay open. */
    public enum Kind {
        /** Answered at once. Does not count: it may be what gives room to others. */
        SHORT,
        /** May wait. */
        REQUEST,
        /** Has a stream without an end for its response. */
        LISTENING
    }

    private final int most;

    private final int mostThatListen;

    private final int mostOfOne;

    /** Guarded by this. */
    private final Map<String, Integer> byCaller = new HashMap<>();

    /** Guarded by this. */
    private int all;

    /** Allows {@code most} open requests; 0 for any number. */
    public OpenExchanges(int most) {
        this.most = most == 0 ? Integer.MAX_VALUE : most;
        this.mostThatListen = Math.max(1, this.most - this.most / 4);
        this.mostOfOne = Math.max(1, this.most / 2);
    }

    /** Counts a request, or throws if there are too many; returns whether it counts, so that {@link #end} must follow. */
    synchronized boolean begin(String caller, Kind kind) {
        if (kind == Kind.SHORT) {
            return false;
        }
        int limit = kind == Kind.LISTENING ? mostThatListen : most;
        if (all >= limit) {
            throw busy(Limit.TOTAL, "the server has", limit);
        }
        int own = byCaller.getOrDefault(caller, 0);
        if (own >= mostOfOne) {
            throw busy(Limit.OWNER, "this caller has", mostOfOne);
        }
        byCaller.put(caller, own + 1);
        all++;
        return true;
    }

    /** A counted request has its response, or has lost it. */
    synchronized void end(String caller) {
        all--;
        byCaller.computeIfPresent(caller, (known, own) -> own == 1 ? null : own - 1);
    }

    private static OperationRejectedException busy(Limit limit, String who, int most) {
        return new OperationRejectedException(
                limit,
                "busy: " + who + " as many requests and listening streams open as it may, which is " + most,
                A_SECOND);
    }

    synchronized int size() {
        return all;
    }
}
