package io.asyncmcp.server.tool;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.exchange.LogFollowers;
import io.modelcontextprotocol.common.McpTransportContext;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The wish of a call for a handle at once, and no wait. A face puts it into the transport context of the call, and finds in
 * it afterwards what became of the call.
 *
 * <p>For one call. Thread-safe.
 *
 * @since 0.1.0
 */
public final class HandleRequest {

    /** Where the wish is in the transport context. */
    public static final String KEY = HandleRequest.class.getName();

    private final @Nullable Duration ttl;

    private final Duration maxTtl;

    private volatile @Nullable Started started;

    private volatile @Nullable OperationRejectedException rejection;

    private volatile @Nullable Throwable failure;

    /**
     * Makes a wish.
     *
     * @param ttl how long the operation is to be kept, counted from its creation; {@code null} for as long as it may run
     *     and then the retention period
     * @param maxTtl the longest ttl to be granted
     */
    public HandleRequest(@Nullable Duration ttl, Duration maxTtl) {
        this.ttl = ttl;
        this.maxTtl = maxTtl;
    }

    /**
     * An operation that runs, or has run already.
     *
     * @param operation its state, with an id that the executor finds
     * @param logs who gets what its tool logs
     */
    public record Started(Operation operation, LogFollowers logs) {}

    static @Nullable HandleRequest of(McpTransportContext context) {
        return context.get(KEY) instanceof HandleRequest request ? request : null;
    }

    Duration ttl(Duration byDefault) {
        Duration wanted = ttl == null ? byDefault : ttl;
        return wanted.compareTo(maxTtl) > 0 ? maxTtl : wanted;
    }

    void started(Operation operation, LogFollowers logs) {
        started = new Started(operation, logs);
    }

    void rejected(OperationRejectedException e) {
        rejection = e;
    }

    void failed(Throwable e) {
        failure = e;
    }

    /**
     * Returns what was started.
     *
     * @return the operation, empty if the call was refused
     */
    public Optional<Started> started() {
        return Optional.ofNullable(started);
    }

    /**
     * Returns why the executor refused the call.
     *
     * @return the reason, empty if it did not
     */
    public Optional<OperationRejectedException> rejection() {
        return Optional.ofNullable(rejection);
    }

    /**
     * Returns what kept the operation from being started, if it was not the executor that refused it.
     *
     * @return what was thrown, empty if nothing was
     */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }
}
