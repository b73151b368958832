package io.asyncmcp.server.transport;

import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationOwner.Kind;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.OperationRejectedException.Limit;
import io.asyncmcp.server.json.JsonSize;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What requests take up that are not answered yet, by caller. Operations are weighed where they are admitted; a request keeps
 * what it says too, as long as it waits.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class RequestMemory {

    /** What a request takes up by itself, about. */
    private static final long REQUEST = 2 * 1024;

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private final long most;

    private final long mostOfOne;

    /** Guarded by this. */
    private final Map<OperationOwner, Long> byAccount = new HashMap<>();

    /** Guarded by this. */
    private long taken;

    /**
     * Creates it.
     *
     * @param limits what operations under way may hold on to; requests may take up as much again
     */
    public RequestMemory(ExecutorConfig.Limits limits) {
        this.most = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.maxActiveBytes();
        this.mostOfOne = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.shareOf(most);
    }

    /**
     * Weighs a request.
     *
     * @param parts what it says, as JSON of which the size is bounded
     * @return how much memory it takes up: as it came, and in the copy that its handler gets
     */
    public static long weigh(@Nullable Object... parts) {
        long memory = 0;
        for (Object part : parts) {
            memory += JsonSize.of(part, Long.MAX_VALUE - 1).memory();
        }
        return REQUEST + 2 * memory;
    }

    /**
     * Takes note of a request.
     *
     * @param owner who calls
     * @param weight what it takes up, in bytes
     * @return to be run when the request is answered, or never will be; once is enough
     * @throws OperationRejectedException if there is too much already
     */
    public synchronized Runnable open(OperationOwner owner, long weight) {
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
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                close(account, weight);
            }
        };
    }

    private static OperationRejectedException busy(Limit limit, String whose, long most, Duration retryAfter) {
        return new OperationRejectedException(
                limit,
                "busy: with this one " + whose + " requests that are not answered yet would take up more than " + most
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
