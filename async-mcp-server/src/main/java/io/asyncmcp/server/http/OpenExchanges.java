package io.asyncmcp.server.http;

import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.OperationRejectedException.Limit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How many requests are open at once, all together and each caller's: those that wait, and those that are streams on which clients
 * listen. Each holds on to a connection with its buffers, whatever it says. One caller may have half. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OpenExchanges {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final int most;

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
        this.mostOfOne = Math.max(1, this.most / 2);
    }

    /**
     * Counts a request.
     *
     * @param caller who calls
     * @throws OperationRejectedException if there are too many already
     */
    synchronized void begin(String caller) {
        if (all >= most) {
            throw busy(Limit.TOTAL, "the server has", most);
        }
        int own = byCaller.getOrDefault(caller, 0);
        if (own >= mostOfOne) {
            throw busy(Limit.OWNER, "this caller has", mostOfOne);
        }
        byCaller.put(caller, own + 1);
        all++;
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

    /**
     * Returns how many requests are open.
     *
     * @return the number of requests
     */
    public synchronized int size() {
        return all;
    }
}
