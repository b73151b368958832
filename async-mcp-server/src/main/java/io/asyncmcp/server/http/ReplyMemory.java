package io.asyncmcp.server.http;

import io.asyncmcp.ExecutorConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What large replies take up until their clients have read them, all together and each caller's.
 *
 * <p>Small ones do not count: each needs a connection that costs more. A caller may always have one reply, however large.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ReplyMemory {

    /** In bytes. */
    private static final int SMALL = 64 * 1024;

    private final long most;

    private final long mostOfOne;

    /** Guarded by this. */
    private final Map<String, Long> byCaller = new HashMap<>();

    /** Guarded by this. */
    private long taken;

    /**
     * Creates it.
     *
     * @param limits what operations under way may hold on to; replies may take up as much again
     */
    public ReplyMemory(ExecutorConfig.Limits limits) {
        this.most = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.maxActiveBytes();
        this.mostOfOne = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.shareOf(most);
    }

    /**
     * Takes note of a reply.
     *
     * @param caller who gets it
     * @param bytes how large it is
     * @return to be run when it has been written, or never will be, once is enough; {@code null} if there is too much already
     */
    public @Nullable Runnable take(String caller, long bytes) {
        if (bytes <= SMALL) {
            return () -> {};
        }
        synchronized (this) {
            long own = byCaller.getOrDefault(caller, 0L);
            if (own > 0 && (bytes > mostOfOne - own || bytes > most - taken)) {
                return null;
            }
            byCaller.put(caller, own + bytes);
            taken += bytes;
        }
        AtomicBoolean over = new AtomicBoolean();
        return () -> {
            if (over.compareAndSet(false, true)) {
                giveBack(caller, bytes);
            }
        };
    }

    private synchronized void giveBack(String caller, long bytes) {
        taken -= bytes;
        byCaller.computeIfPresent(caller, (known, own) -> own > bytes ? own - bytes : null);
    }

    synchronized long taken() {
        return taken;
    }
}
