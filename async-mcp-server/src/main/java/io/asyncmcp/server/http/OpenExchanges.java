package io.asyncmcp.server.http;

import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.OperationRejectedException.Limit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How many requests are open at once, all together and each caller's: those that wait, and those that are streams on which clients
 * listen. Each holds on to a connection with its buffers, whatever it says. One caller may have half, and a quarter is kept for those
 * that do not listen. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OpenExchanges {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    /** What a request is, as far as it may stay open. */
    public enum Kind {
        /** It is answered at once, and does not count: it may be what gives room to others. */
        SHORT,
        /** It may wait. */
        REQUEST,
        /** Its response is a stream without an end. */
        LISTENING
    }

    private final int most;

    private final int mostThatListen;

    private final int mostOfOne;

    /** Guarded by this. */
    private final Map<String, Integer> byCaller = new HashMap<>();

    /** Guarded by this. */
    private int all;

    /**
     * Creates it.
     *
     * @param most how many there may be; 0 for any number
     */
    public OpenExchanges(int most) {
        this.most = most == 0 ? Integer.MAX_VALUE : most;
        this.mostThatListen = Math.max(1, this.most - this.most / 4);
        this.mostOfOne = Math.max(1, this.most / 2);
    }

    /**
     * Counts a request.
     *
     * @param caller who calls
     * @param kind what it is
     * @return whether it counts, so that its end must be told
     * @throws OperationRejectedException if there are too many already
     */
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

    /** A request that was counted has its response, or lost it. */
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
