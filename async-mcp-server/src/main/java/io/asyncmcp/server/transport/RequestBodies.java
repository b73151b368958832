package io.asyncmcp.server.transport;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.json.JsonWeight;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what requests cost until they are parsed: each one by its size, its nesting and its weight; all that are read and
 * parsed at the same time by their weight together, of which one caller has no more than half.
 *
 * <p>Small bodies are always read. They are bounded by the connections. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RequestBodies {

    /** As deep as JSON parsers go. */
    private static final int MAX_DEPTH = 500;

    /** What numbers and short texts take, and sparse objects; not what empty objects do. */
    private static final int MAX_WEIGHT_PER_BYTE = 24;

    /** How many bytes a name may have. Parsers keep thousands of those that they have read, of all callers and for good. */
    public static final int MAX_NAME = 512;

    private static final int SMALL = 8 * 1024;

    private static final int CHUNK = 8 * 1024;

    /** What is reserved for a body is not there for others, and a byte now and then would keep it. */
    private static final Duration SLOWEST_START = Duration.ofSeconds(10);

    private static final long SLOWEST_BYTES_PER_SECOND = 32 * 1024;

    private final int maxBytes;

    private final long maxMemory;

    private final Ticker ticker;

    private final int maxHeld;

    /** Those whose readers wait without a thread. */
    private final ConcurrentMap<Reading, CompletableFuture<Refusal>> watched = new ConcurrentHashMap<>();

    /** How many threads each caller's bodies hold that do not come. Guarded by this. */
    private final Map<String, Integer> heldByCaller = new HashMap<>();

    /** Guarded by this. */
    private int held;

    /** Guarded by this. */
    private final Map<String, Long> byCaller = new HashMap<>();

    /** Guarded by this. */
    private long taken;

    /**
     * Creates it.
     *
     * @param maxBytes how large one body may be
     * @param maxMemory how much memory all may take up together until they are parsed
     * @param maxHeld how many threads may wait for the rest of a body, of which one caller has no more than half
     * @param ticker tells the time, which a body may take ten seconds of, and one more for each 32 KiB
     */
    public RequestBodies(int maxBytes, long maxMemory, int maxHeld, Ticker ticker) {
        this.maxBytes = maxBytes;
        this.maxMemory = maxMemory;
        this.maxHeld = maxHeld;
        this.ticker = ticker;
    }

    /** Why a body is not taken. */
    public enum Refusal {
        /** It has too many bytes. */
        TOO_LARGE(ErrorCodes.INVALID_REQUEST, "The body is larger than this server takes."),
        /** It takes too long to come. */
        TOO_SLOW(ErrorCodes.INVALID_REQUEST, "The body comes slower than this server waits for it."),
        /** It has too many parts. */
        TOO_HEAVY(ErrorCodes.INVALID_REQUEST, "The body has more objects and lists than this server takes."),
        /** It is nested too deep. */
        TOO_DEEP(ErrorCodes.PARSE_ERROR, "The body is nested deeper than this server takes."),
        /** A member has too long a name. */
        LONG_NAME(
                ErrorCodes.INVALID_REQUEST,
                "A member of the body has a name of more than " + MAX_NAME
                        + " bytes, which this server does not take."),
        /** It is not in UTF-8. */
        NOT_UTF8(ErrorCodes.PARSE_ERROR, "The body is not JSON in UTF-8."),
        /** Its caller sends too much at the same time. */
        CALLER_BUSY(MessageFault.BUSY, "You send more at the same time than this server takes. Try again in a second."),
        /** All callers together send too much at the same time. */
        BUSY(MessageFault.BUSY, "The server is busy. Try again in a second.");

        private final int code;

        private final String text;

        Refusal(int code, String text) {
            this.code = code;
            this.text = text;
        }

        /** Returns the code of the JSON-RPC error that says so. */
        public int code() {
            return code;
        }

        /** Returns what the client is told. */
        public String text() {
            return text;
        }
    }

    /**
     * Returns how large a body may be.
     *
     * @return the number of bytes
     */
    public int maxBytes() {
        return maxBytes;
    }

    /**
     * Begins to read a body.
     *
     * @param caller who sends it: a name or an address
     * @return what it takes, to be closed when it is parsed
     */
    public Reading begin(String caller) {
        return new Reading(caller);
    }

    /**
     * Looks at a body that has been read, by itself.
     *
     * @return why it is not taken, or {@code null} if it is
     */
    public @Nullable Refusal refusalOf(byte[] body) {
        return refusalOf(body, JsonWeight.of(body));
    }

    private @Nullable Refusal refusalOf(byte[] body, JsonWeight weight) {
        if (body.length > maxBytes) {
            return Refusal.TOO_LARGE;
        }
        if (!weight.isUtf8()) {
            return Refusal.NOT_UTF8;
        }
        if (weight.depth() > MAX_DEPTH) {
            return Refusal.TOO_DEEP;
        }
        if (weight.longestName() > MAX_NAME) {
            return Refusal.LONG_NAME;
        }
        long heaviest = Math.min((long) maxBytes * MAX_WEIGHT_PER_BYTE, maxMemory / 2);
        return weight.bytes() > heaviest ? Refusal.TOO_HEAVY : null;
    }

    /** Gives up the bodies that are too slow and whose readers wait without a thread. To be called now and then. */
    public void giveUpSlow() {
        watched.forEach((reading, tooSlow) -> {
            if (reading.isSlow()) {
                tooSlow.complete(Refusal.TOO_SLOW);
            }
        });
    }

    private synchronized @Nullable Refusal hold(String caller) {
        int own = heldByCaller.getOrDefault(caller, 0);
        if (own >= Math.max(1, maxHeld / 2)) {
            return Refusal.CALLER_BUSY;
        }
        if (held >= maxHeld) {
            return Refusal.BUSY;
        }
        heldByCaller.put(caller, own + 1);
        held++;
        return null;
    }

    private synchronized void letGo(String caller) {
        held--;
        heldByCaller.computeIfPresent(caller, (name, own) -> own > 1 ? own - 1 : null);
    }

    private synchronized @Nullable Refusal take(String caller, long more) {
        long own = byCaller.getOrDefault(caller, 0L) + more;
        if (own > maxMemory / 2) {
            return Refusal.CALLER_BUSY;
        }
        if (taken + more > maxMemory) {
            return Refusal.BUSY;
        }
        byCaller.put(caller, own);
        taken += more;
        return null;
    }

    private synchronized void giveBack(String caller, long bytes) {
        taken -= bytes;
        byCaller.computeIfPresent(caller, (name, own) -> own > bytes ? own - bytes : null);
    }

    synchronized long taken() {
        return taken;
    }

    /**
     * A body while it is read and parsed.
     *
     * <p>For one thread at a time. Closing it twice does no harm.
     */
    public final class Reading implements AutoCloseable {

        private final String caller;

        private final long begun = ticker.read();

        private volatile long received;

        /** Guarded by this. */
        private long reserved;

        /** Guarded by this. */
        private boolean closed;

        private Reading(String caller) {
            this.caller = caller;
        }

        /**
         * Takes note of bytes that have come.
         *
         * @param count how many
         * @return why the body is not taken, or {@code null} to go on
         */
        public @Nullable Refusal received(int count) {
            // One thread at a time.
            received = received + count;
            if (received > maxBytes) {
                return Refusal.TOO_LARGE;
            }
            if (isSlow()) {
                return Refusal.TOO_SLOW;
            }
            return received > SMALL ? reserve(received) : null;
        }

        private boolean isSlow() {
            Duration slowest = SLOWEST_START.plusSeconds(received / SLOWEST_BYTES_PER_SECOND);
            return ticker.read() - begun > slowest.toNanos();
        }

        /**
         * Waits for a body that comes too slowly, or no longer comes. For a reader that holds no thread.
         *
         * @return ends if the body is not taken for that
         */
        public CompletionStage<Refusal> tooSlow() {
            return watched.computeIfAbsent(this, reading -> new CompletableFuture<>());
        }

        /**
         * Looks at the whole body before it is parsed.
         *
         * @return why it is not taken, or {@code null} if it is
         */
        public @Nullable Refusal complete(byte[] body) {
            JsonWeight weight = JsonWeight.of(body);
            Refusal refusal = refusalOf(body, weight);
            return refusal != null || body.length <= SMALL ? refusal : reserve(weight.bytes());
        }

        /**
         * Reads a body to its end, or to where it is refused.
         *
         * @param in where to read it; what it does not have at hand holds the thread
         * @param expected how many bytes there are, or -1 if that is not known
         * @param refused told why it is not taken
         * @return the bytes, or {@code null} if it is not taken
         * @throws IOException if it cannot be read
         */
        public byte @Nullable [] read(InputStream in, long expected, Consumer<Refusal> refused) throws IOException {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] chunk = new byte[CHUNK];
            Refusal refusal = null;
            int count = 0;
            while (count >= 0 && refusal == null) {
                boolean holds = in.available() == 0 && body.size() != expected;
                refusal = holds ? hold(caller) : null;
                if (refusal == null) {
                    count = read(in, chunk, holds);
                    if (count > 0) {
                        body.write(chunk, 0, count);
                        refusal = received(count);
                    }
                }
            }
            byte[] bytes = body.toByteArray();
            refusal = refusal == null ? complete(bytes) : refusal;
            if (refusal == null) {
                return bytes;
            }
            refused.accept(refusal);
            return null;
        }

        private int read(InputStream in, byte[] chunk, boolean holds) throws IOException {
            try {
                return in.read(chunk);
            } finally {
                if (holds) {
                    letGo(caller);
                }
            }
        }

        private synchronized @Nullable Refusal reserve(long total) {
            if (closed || total <= reserved) {
                return null;
            }
            Refusal refusal = take(caller, total - reserved);
            if (refusal == null) {
                reserved = total;
            }
            return refusal;
        }

        @Override
        public synchronized void close() {
            watched.remove(this);
            if (!closed) {
                closed = true;
                if (reserved > 0) {
                    giveBack(caller, reserved);
                }
            }
        }
    }
}
