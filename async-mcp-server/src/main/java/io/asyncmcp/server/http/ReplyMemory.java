package io.asyncmcp.server.http;

import io.asyncmcp.ExecutorConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what large messages take up until their clients have read them, of each caller and of all. They count before they are
 * written as JSON. Small ones do not while few wait on a connection: the connection costs more. A caller who has nothing else may
 * have one message, however large, unless others take up everything. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ReplyMemory {

    /** The largest message that need not count, in bytes. */
    static final int SMALL = 8 * 1024;

    private final long most;

    private final long mostOfOne;

    /** Guarded by this. */
    private final Map<String, Long> byCaller = new HashMap<>();

    /** Guarded by this. */
    private long taken;

    /** Lets messages take up as much again as the limits allow for operations under way. */
    public ReplyMemory(ExecutorConfig.Limits limits) {
        this.most = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.maxActiveBytes();
        this.mostOfOne = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.shareOf(most);
    }

    /** What one message takes up. Grows on one thread, and is closed by a later one. */
    final class Share {

        private final String caller;

        private final boolean exact;

        /** Changed under the lock of the memory. */
        private long counted;

        /** Guarded by the memory. */
        private boolean closed;

        private Share(String caller, boolean exact) {
            this.caller = caller;
            this.exact = exact;
        }

        /** Counts the message as at least that many bytes; returns {@code false} if there is no room for it. */
        boolean grow(long bytes) {
            if (!exact && bytes <= SMALL) {
                return true;
            }
            synchronized (ReplyMemory.this) {
                long more = bytes - counted;
                if (more <= 0) {
                    return true;
                }
                long own = byCaller.getOrDefault(caller, 0L);
                boolean fits =
                        own == counted ? taken - counted < most : more <= mostOfOne - own && more <= most - taken;
                if (closed || !fits) {
                    return false;
                }
                byCaller.put(caller, own + more);
                taken += more;
                counted = bytes;
                return true;
            }
        }

        /** The message has been written, or never will be. Further calls do nothing. */
        void close() {
            if (counted == 0) {
                // Most messages are small.
                return;
            }
            synchronized (ReplyMemory.this) {
                closed = true;
                taken -= counted;
                long left = byCaller.getOrDefault(caller, 0L) - counted;
                if (left > 0) {
                    byCaller.put(caller, left);
                } else {
                    byCaller.remove(caller);
                }
                counted = 0;
            }
        }
    }

    /** Begins a message to the caller, which takes up nothing yet. */
    Share open(String caller) {
        return new Share(caller, false);
    }

    /** Begins a message that counts however small it is. */
    Share openExact(String caller) {
        return new Share(caller, true);
    }

    synchronized long taken() {
        return taken;
    }
}
