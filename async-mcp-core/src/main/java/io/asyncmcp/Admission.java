package io.asyncmcp;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.OperationRejectedException.Limit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which operations run now, which wait for their turn, and which are refused.
 *
 * <p>Thread-safe. The lock is held for a few map operations and never while foreign code runs.
 */
final class Admission {

    /** When trying again makes sense; nobody knows when a place comes free, so this is a polite guess. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Limits limits;

    /** Guarded by this. */
    private int running;

    /** Guarded by this. */
    private boolean closed;

    /** In order of arrival. Guarded by this. */
    private final Set<OperationTask> queue = new LinkedHashSet<>();

    /** Running and queued; only owners who have any, and only if there is a limit. Guarded by this. */
    private final Map<OperationOwner, Integer> byOwner = new HashMap<>();

    /** Running and queued; only types that have any, and only those started under a limit. Guarded by this. */
    private final Map<String, Integer> byType = new HashMap<>();

    Admission(Limits limits) {
        this.limits = limits;
    }

    /**
     * Admits an operation.
     *
     * @return {@code true} if it may run at once, {@code false} if it waits in the queue
     * @throws OperationRejectedException if there is no room
     */
    synchronized boolean admit(OperationTask task) {
        ExecuteOptions options = task.options();
        if (closed) {
            throw new OperationRejectedException(
                    Limit.SHUTDOWN, "the server is shutting down and takes no new operations", Duration.ZERO);
        }
        if (limits.maxPerOwner() > 0 && byOwner.getOrDefault(options.owner(), 0) >= limits.maxPerOwner()) {
            throw new OperationRejectedException(
                    Limit.OWNER,
                    "busy: this caller has " + limits.maxPerOwner() + " operations under way, the most one may have",
                    RETRY_AFTER);
        }
        if (options.maxActive() > 0 && byType.getOrDefault(options.type(), 0) >= options.maxActive()) {
            throw new OperationRejectedException(
                    Limit.TYPE,
                    "busy: " + options.maxActive() + " operations of type " + options.type()
                            + " are under way, the most there may be",
                    RETRY_AFTER);
        }
        boolean runs = running < limits.maxRunning();
        if (!runs && queue.size() >= limits.maxQueued()) {
            throw new OperationRejectedException(
                    Limit.TOTAL,
                    "busy: " + running + " operations run and " + queue.size() + " wait, the most there may be",
                    RETRY_AFTER);
        }
        if (limits.maxPerOwner() > 0) {
            byOwner.merge(options.owner(), 1, Integer::sum);
        }
        if (options.maxActive() > 0) {
            byType.merge(options.type(), 1, Integer::sum);
        }
        if (runs) {
            running++;
        } else {
            queue.add(task);
        }
        return runs;
    }

    /**
     * Gives an operation's place back after its body has returned.
     *
     * @return the operation whose turn it is now, or {@code null} if none waits
     */
    synchronized @Nullable OperationTask release(OperationTask task) {
        forget(task);
        if (queue.isEmpty()) {
            running--;
            return null;
        }
        Iterator<OperationTask> waiting = queue.iterator();
        OperationTask next = waiting.next();
        waiting.remove();
        return next;
    }

    /**
     * Takes an operation out of the queue.
     *
     * @return {@code false} if its turn has come already
     */
    synchronized boolean withdraw(OperationTask task) {
        if (!queue.remove(task)) {
            return false;
        }
        forget(task);
        return true;
    }

    /** Admits nothing from now on; what waits in the queue still gets its turn. */
    synchronized void close() {
        closed = true;
    }

    /** Admits again. */
    synchronized void open() {
        closed = false;
    }

    synchronized boolean isIdle() {
        return running == 0 && queue.isEmpty();
    }

    private void forget(OperationTask task) {
        if (limits.maxPerOwner() > 0) {
            byOwner.computeIfPresent(task.options().owner(), (owner, count) -> count > 1 ? count - 1 : null);
        }
        if (task.options().maxActive() > 0) {
            byType.computeIfPresent(task.options().type(), (type, count) -> count > 1 ? count - 1 : null);
        }
    }
}
