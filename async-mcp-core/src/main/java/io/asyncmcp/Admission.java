package io.asyncmcp;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.OperationOwner.Kind;
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
 * <p>An operation gives its place up while it waits for an answer, and needs one again before it hears it. Those that have
 * their answer come before those that have not begun: they hold on to memory, and perhaps a thread.
 *
 * <p>Thread-safe. The lock is held for a few map operations and never while foreign code runs.
 */
final class Admission {

    /** When trying again makes sense; nobody knows when a place comes free, so this is a polite guess. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    /** In bytes. People answer with less. */
    private static final long SMALL_ANSWER = 16 * 1024;

    private final Limits limits;

    /** Guarded by this. */
    private int running;

    /** Those that wait for an answer, or have it and no place to go on. Guarded by this. */
    private int parked;

    /** What all that are under way hold on to. Guarded by this. */
    private long weight;

    /** Guarded by this. */
    private boolean closed;

    /** In order of arrival. Guarded by this. */
    private final Set<OperationTask> queue = new LinkedHashSet<>();

    /** What has its answer and waits for a place, in order of arrival. Guarded by this. */
    private final Set<OperationTask> returning = new LinkedHashSet<>();

    /** Under way; only owners who have any, and only if there is a limit. Guarded by this. */
    private final Map<OperationOwner, Integer> byOwner = new HashMap<>();

    /** Under way; only types that have any, and only those started under a limit. Guarded by this. */
    private final Map<String, Integer> byType = new HashMap<>();

    /** What those who have any share take up of it. Guarded by this. */
    private final Map<OperationOwner, Share> shares = new HashMap<>();

    Admission(Limits limits) {
        this.limits = limits;
    }

    /** Where an operation is that has been admitted. */
    enum Place {
        /** Not admitted, or over: nothing of it counts. */
        NONE,
        QUEUED,
        RUNNING,
        /** Waits for an answer, and has given its place up. */
        PARKED,
        /** Has its answer, and waits for a place. Counts as parked. */
        RETURNING
    }

    /** What an operation's task keeps for its admission. Guarded by the admission. */
    static final class Standing {

        private Place place = Place.NONE;

        /** How many questions its body waits for. */
        private int questions;

        /** What the answers take up that it has got. */
        private long answers;
    }

    private static final class Share {

        private int operations;

        private int running;

        private int queued;

        private int parked;

        private long weight;

        /** Only types that have any, and only those started under a limit. */
        private final Map<String, Integer> byType = new HashMap<>();
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
            throw busy(
                    Limit.OWNER,
                    "this caller has " + limits.maxPerOwner() + " operations under way, the most one may have");
        }
        if (options.maxActive() > 0 && byType.getOrDefault(options.type(), 0) >= options.maxActive()) {
            throw busy(
                    Limit.TYPE,
                    options.maxActive() + " operations of type " + options.type()
                            + " are under way, the most there may be");
        }
        Share share = share(options);
        requireOthersHaveRoom(options, share);
        boolean runs = hasPlace(share);
        requireRoom(options.weight(), share, "call");
        if (!runs) {
            requireTurn(share);
        }
        if (limits.maxPerOwner() > 0) {
            byOwner.merge(options.owner(), 1, Integer::sum);
        }
        if (options.maxActive() > 0) {
            byType.merge(options.type(), 1, Integer::sum);
        }
        weight += options.weight();
        if (share != null) {
            share.operations++;
            share.weight += options.weight();
            if (options.maxActive() > 0) {
                share.byType.merge(options.type(), 1, Integer::sum);
            }
            shares.put(options.owner().account(), share);
        }
        if (runs) {
            running++;
            runs(task);
        } else {
            queue.add(task);
            task.standing().place = Place.QUEUED;
            if (share != null) {
                share.queued++;
            }
        }
        return runs;
    }

    private boolean hasPlace(@Nullable Share share) {
        return running < limits.maxRunning() && mayRun(share);
    }

    /** The last places are for owners who have few. */
    private boolean mayRun(@Nullable Share share) {
        return share == null || share.running < limits.maxRunningOfOwner();
    }

    private void runs(OperationTask task) {
        task.standing().place = Place.RUNNING;
        Share share = share(task.options());
        if (share != null) {
            share.running++;
        }
    }

    private void runsNoMore(OperationTask task) {
        Share share = share(task.options());
        if (share != null) {
            share.running--;
        }
    }

    /** The application is trusted with everything. */
    private @Nullable Share share(ExecuteOptions options) {
        if (options.owner().kind() == Kind.APPLICATION) {
            return null;
        }
        Share share = shares.get(options.owner().account());
        return share == null ? new Share() : share;
    }

    private void requireOthersHaveRoom(ExecuteOptions options, @Nullable Share share) {
        long most = limits.shareOf(options.maxActive());
        if (most > 0 && share != null && share.byType.getOrDefault(options.type(), 0) >= most) {
            throw busy(
                    Limit.OWNER,
                    most + " operations of type " + options.type()
                            + " of this caller are under way, the most one may have");
        }
    }

    private void requireRoom(long bytes, @Nullable Share share, String subject) {
        long most = limits.maxActiveBytes();
        if (most == 0) {
            return;
        }
        long mostOfOwner = share == null ? most : limits.shareOf(most);
        // It helps to try again, unless this alone is too much.
        Duration retryAfter = bytes > mostOfOwner ? Duration.ZERO : RETRY_AFTER;
        if (share != null && bytes > mostOfOwner - share.weight) {
            throw busy(
                    Limit.OWNER,
                    "with this " + subject + " this caller would take up more than " + mostOfOwner
                            + " bytes of memory, the most one may have",
                    retryAfter);
        }
        if (bytes > most - weight) {
            throw busy(
                    Limit.TOTAL,
                    "with this " + subject + " the operations under way would take up more than " + most
                            + " bytes of memory, the most there may be",
                    retryAfter);
        }
    }

    private void requireTurn(@Nullable Share share) {
        if (queue.size() >= limits.maxQueued()) {
            throw busy(Limit.TOTAL, running + " operations run and " + queue.size() + " wait, the most there may be");
        }
        if (share != null && share.queued >= limits.shareOf(limits.maxQueued())) {
            throw busy(
                    Limit.OWNER,
                    share.queued + " operations of this caller wait for their turn, the most one may have");
        }
    }

    private static OperationRejectedException busy(Limit limit, String reason) {
        return busy(limit, reason, RETRY_AFTER);
    }

    private static OperationRejectedException busy(Limit limit, String reason, Duration retryAfter) {
        return new OperationRejectedException(limit, "busy: " + reason, retryAfter);
    }

    /**
     * Gives an operation's place up before it asks, for as long as it waits for the answer. It may ask several questions; the
     * place comes back after the last answer.
     *
     * @return the operation whose turn it is now, or {@code null} if none waits
     * @throws OperationRejectedException if too many wait for answers; the place is kept
     */
    synchronized @Nullable OperationTask park(OperationTask task) {
        Standing standing = task.standing();
        OperationTask next = null;
        if (standing.place == Place.RUNNING) {
            Share share = share(task.options());
            if (share != null && share.parked >= limits.shareOf(limits.maxAwaitingInput())) {
                throw busy(
                        Limit.OWNER,
                        share.parked + " operations of this caller wait for an answer, the most one may have");
            }
            if (parked >= limits.maxAwaitingInput()) {
                throw busy(Limit.TOTAL, parked + " operations wait for an answer, the most there may be");
            }
            parked++;
            if (share != null) {
                share.parked++;
            }
            runsNoMore(task);
            standing.place = Place.PARKED;
            next = next();
        } else if (standing.place == Place.RETURNING) {
            returning.remove(task);
            standing.place = Place.PARKED;
        }
        standing.questions++;
        // What the body has heard before is its own affair now.
        add(task, -standing.answers);
        return next;
    }

    /**
     * Takes a place again after a question is over.
     *
     * @return {@code true} if the body may hear of it; {@code false} if it waits for a place, and comes up as somebody's next
     */
    synchronized boolean unpark(OperationTask task) {
        Standing standing = task.standing();
        standing.questions--;
        if (standing.questions > 0 || standing.place != Place.PARKED) {
            return true;
        }
        if (hasPlace(share(task.options()))) {
            running++;
            takesPlace(task);
            return true;
        }
        standing.place = Place.RETURNING;
        returning.add(task);
        return false;
    }

    /**
     * Counts an answer among what an operation holds on to, until it asks again or its body has returned. A small one is always
     * taken: there are no more of them than questions.
     *
     * @throws OperationRejectedException if there is no room for it
     */
    synchronized void weigh(OperationTask task, long bytes) {
        if (task.standing().place != Place.NONE) {
            if (bytes > SMALL_ANSWER) {
                requireRoom(bytes, share(task.options()), "answer");
            }
            add(task, bytes);
        }
    }

    /** Counts an answer no more, which was not taken. It may have been given back with others meanwhile. */
    synchronized void unweigh(OperationTask task, long bytes) {
        if (task.standing().place != Place.NONE) {
            add(task, -Math.min(bytes, task.standing().answers));
        }
    }

    private void add(OperationTask task, long bytes) {
        task.standing().answers += bytes;
        weight += bytes;
        Share share = share(task.options());
        if (share != null) {
            share.weight += bytes;
        }
    }

    private void takesPlace(OperationTask task) {
        leavesPark(task);
        runs(task);
    }

    private void leavesPark(OperationTask task) {
        parked--;
        Share share = share(task.options());
        if (share != null) {
            share.parked--;
        }
    }

    /** Lets an operation that has ended go on without a place: its body is on its way out. */
    synchronized void giveUpTurn(OperationTask task) {
        if (returning.remove(task)) {
            task.standing().place = Place.PARKED;
        }
    }

    /**
     * Gives an operation's place back after its body has returned.
     *
     * @return the operation whose turn it is now, or {@code null} if none waits
     */
    synchronized @Nullable OperationTask release(OperationTask task) {
        Standing standing = task.standing();
        boolean hadPlace = standing.place == Place.RUNNING;
        if (hadPlace) {
            runsNoMore(task);
        } else {
            returning.remove(task);
            leavesPark(task);
        }
        standing.place = Place.NONE;
        forget(task);
        return hadPlace ? next() : null;
    }

    /** Hands on a place that has come free. */
    private @Nullable OperationTask next() {
        OperationTask next = first(returning);
        if (next != null) {
            takesPlace(next);
            return next;
        }
        next = first(queue);
        if (next != null) {
            leavesQueue(next);
            runs(next);
            return next;
        }
        running--;
        return null;
    }

    /** Returns the first whose owner may have the place. There may be none: then the place stays free for others. */
    private @Nullable OperationTask first(Set<OperationTask> waiting) {
        for (Iterator<OperationTask> tasks = waiting.iterator(); tasks.hasNext(); ) {
            OperationTask task = tasks.next();
            if (mayRun(share(task.options()))) {
                tasks.remove();
                return task;
            }
        }
        return null;
    }

    private void leavesQueue(OperationTask task) {
        Share share = share(task.options());
        if (share != null) {
            share.queued--;
        }
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
        leavesQueue(task);
        task.standing().place = Place.NONE;
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
        return running == 0 && parked == 0 && queue.isEmpty();
    }

    private void forget(OperationTask task) {
        ExecuteOptions options = task.options();
        if (limits.maxPerOwner() > 0) {
            byOwner.computeIfPresent(options.owner(), (owner, count) -> count > 1 ? count - 1 : null);
        }
        if (options.maxActive() > 0) {
            byType.computeIfPresent(options.type(), (type, count) -> count > 1 ? count - 1 : null);
        }
        long held = options.weight() + task.standing().answers;
        weight -= held;
        Share share = share(options);
        if (share != null) {
            share.operations--;
            share.weight -= held;
            if (options.maxActive() > 0) {
                share.byType.computeIfPresent(options.type(), (type, count) -> count > 1 ? count - 1 : null);
            }
            if (share.operations == 0) {
                shares.remove(options.owner().account());
            }
        }
    }
}
