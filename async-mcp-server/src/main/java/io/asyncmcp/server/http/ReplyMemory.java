package io.asyncmcp.server.http;

import io.asyncmcp.ExecutorConfig;
import java.util.HashMap;
import java.util.Map;

/**
 * What large messages take up until their clients have read them, all together and each caller's. They are counted before they are
 * written as JSON.
 *
 * <p>Small ones do not count as long as there are few on a connection, which costs more. A caller who has nothing else may have one message, however
 * large, unless others take up everything. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ReplyMemory {

    /** In bytes. */
    static final int SMALL = 8 * 1024;

    private final long most;

    private final long mostOfOne;

    /** Guarded by this. */
    private final Map<String, Long> byCaller = new HashMap<>();

    /** Guarded by this. */
    private long taken;

    /**
     * Creates it.
     *
     * @param limits what operations under way may hold on to; messages may take up as much again
     */
    public ReplyMemory(ExecutorConfig.Limits limits) {
        this.most = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.maxActiveBytes();
        this.mostOfOne = limits.maxActiveBytes() == 0 ? Long.MAX_VALUE : limits.shareOf(most);
    }

    /** What one message takes up. It grows on one thread, and is closed by one that comes later. */
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

        /**
         * Counts the message as larger than before.
         *
         * @param bytes how large it is at least
         * @return {@code false} if there is no room for it
         */
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

        /** The message has been written, or never will be. Once is enough. */
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

    /**
     * Begins a message, which takes up nothing yet.
     *
     * @param caller who gets it
     * @return what it takes up
     */
    Share open(String caller) {
        return new Share(caller, false);
    }

    /**
     * Begins a message that counts however small it is.
     *
     * @param caller who gets it
     * @return what it takes up
     */
    Share openExact(String caller) {
        return new Share(caller, true);
    }

    synchronized long taken() {
        return taken;
    }
}
