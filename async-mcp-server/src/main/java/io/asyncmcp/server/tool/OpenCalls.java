package io.asyncmcp.server.tool;

import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationOwner.Kind;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.OperationRejectedException.Limit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What the arguments of the calls take up that are not answered yet. Operations are weighed where they are admitted; a call that
 * joins one keeps its arguments too, as long as it waits.
 *
 * <p>Thread-safe.
 */
final class OpenCalls {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final long most;

    private final long mostOfOne;

    /** Guarded by this. */
    private final Map<OperationOwner, Long> byAccount = new HashMap<>();

    /** Guarded by this. */
    private long taken;

    OpenCalls(ExecutorConfig.Limits limits) {
        this.most = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.maxActiveBytes();
        this.mostOfOne = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.shareOf(most);
    }

    /**
     * Takes note of a call.
     *
     * @param owner who calls
     * @param weight what its arguments take up, in bytes
     * @return to be run once, when the call is answered
     * @throws OperationRejectedException if there is too much already
     */
    synchronized Runnable open(OperationOwner owner, long weight) {
        OperationOwner account = owner.account();
        long own = byAccount.getOrDefault(account, 0L);
        long mostOfThis = owner.kind() == Kind.APPLICATION ? most : mostOfOne;
        // It helps to call again, unless this call alone is too much.
        Duration retryAfter = weight > mostOfThis ? Duration.ZERO : A_SECOND;
        if (weight > mostOfThis - own) {
            throw busy(Limit.OWNER, "this caller's", mostOfThis, retryAfter);
        }
        if (weight > most - taken) {
            throw busy(Limit.TOTAL, "all", most, retryAfter);
        }
        byAccount.put(account, own + weight);
        taken += weight;
        return () -> close(account, weight);
    }

    private static OperationRejectedException busy(Limit limit, String whose, long most, Duration retryAfter) {
        return new OperationRejectedException(
                limit,
                "busy: with this call the arguments of " + whose + " calls would take up more than " + most
                        + " bytes of memory, the most they may",
                retryAfter);
    }

    private synchronized void close(OperationOwner account, long weight) {
        taken -= weight;
        byAccount.computeIfPresent(account, (known, own) -> own > weight ? own - weight : null);
    }

    synchronized long taken() {
        return taken;
    }
}
