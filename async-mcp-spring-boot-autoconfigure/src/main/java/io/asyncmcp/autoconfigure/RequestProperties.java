package io.asyncmcp.autoconfigure;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.transport.RequestBodies;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Settings for the messages that clients send, before anybody knows what they are.
 *
 * @param maxRequestSize How large a message may be: the body of a request, or a line over stdio. By default the arguments and
 * 64KB for what is around them.
 * @param maxRequestMemory How much memory all messages may take up together while they are read and parsed. One caller gets
 * half of it. By default 64MB, or a quarter of the heap if that is less, and at least eight times max-request-size.
 * @since 0.1.0
 */
@ConfigurationProperties("async.mcp.limits")
public record RequestProperties(
        @Nullable DataSize maxRequestSize, @Nullable DataSize maxRequestMemory) {

    private static final DataSize ENVELOPE = DataSize.ofKilobytes(64);

    private static final long MEMORY =
            Math.min(DataSize.ofMegabytes(64).toBytes(), Runtime.getRuntime().maxMemory() / 4);

    private static final long MESSAGES = 8;

    /** A text takes twice its size, and one caller gets half of the memory. */
    private static final long LEAST_MESSAGES = 4;

    public RequestProperties {
        if (maxRequestSize != null && maxRequestSize.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "async.mcp.limits.max-request-size must be at least 1 byte, but was " + maxRequestSize);
        }
        if (maxRequestMemory != null && maxRequestMemory.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "async.mcp.limits.max-request-memory must be at least 1 byte, but was " + maxRequestMemory);
        }
    }

    /**
     * Makes what bounds the messages.
     *
     * @param limits the limits of operations
     * @param threads how many threads read messages, and wait for those that come slowly
     * @return the bounds
     * @throws IllegalArgumentException if the settings do not go together
     */
    public RequestBodies toRequestBodies(AsyncMcpProperties.Limits limits, int threads) {
        long size = maxRequestSize == null
                ? limits.maxArgumentSize().toBytes() + ENVELOPE.toBytes()
                : maxRequestSize.toBytes();
        int bytes = (int) Math.min(size, Integer.MAX_VALUE - 16L);
        if (maxRequestMemory == null) {
            return new RequestBodies(bytes, Math.max(MEMORY, MESSAGES * bytes), threads / 2, Ticker.systemTicker());
        }
        if (maxRequestMemory.toBytes() < LEAST_MESSAGES * bytes) {
            throw new IllegalArgumentException("async.mcp.limits.max-request-memory must be at least " + LEAST_MESSAGES
                    + " times max-request-size, which is " + bytes + " bytes, but was " + maxRequestMemory);
        }
        return new RequestBodies(bytes, maxRequestMemory.toBytes(), threads / 2, Ticker.systemTicker());
    }
}
