package io.asyncmcp.store;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.Progress;
import io.asyncmcp.ResultMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory ended operations take up, and what goes when it is too much: something of the owner who takes up the most, so
 * that nobody loses anything to somebody who keeps more. Of an owner the results go that have been fetched, and then the oldest.
 * What is left of such operations may take up a quarter, and then the oldest go for good.
 *
 * <p>Thread-safe. The lock is held for a few map operations.
 *
 * @param <K> what is kept
 */
final class RetainedOperations<K> {

    private static final Logger logger = LoggerFactory.getLogger(RetainedOperations.class);

    /** What an operation takes up beside its texts and its result, with its place in the store. */
    static final long OPERATION = 1024;

    private static final Comparator<Entry<?>> OLDEST_FIRST = Comparator.comparingLong(entry -> entry.order);

    private static final Comparator<Holding<?>> HEAVIEST_FIRST =
            Comparator.<Holding<?>>comparingLong(holding -> -holding.total).thenComparingLong(holding -> holding.order);

    private final long bound;

    private final ToLongFunction<Object> weigher;

    /** Guarded by this. */
    private final Map<OperationOwner, Holding<K>> holdings = new HashMap<>();

    /** Guarded by this. */
    private final TreeSet<Holding<K>> byWeight = new TreeSet<>(HEAVIEST_FIRST);

    /** Guarded by this. */
    private long total;

    /** Guarded by this. */
    private long results;

    /** Guarded by this. */
    private long dropped;

    /** Guarded by this. */
    private long next;

    /** What goes to make room. */
    interface Dropper<K> {

        void dropResult(K key);

        void drop(K key);
    }

    /** An operation that was taken in. */
    static final class Entry<K> {

        private final K key;

        private final Holding<K> holding;

        private final long order;

        private final long own;

        /** Zero once it is dropped. Guarded by the lock. */
        private long result;

        /** Guarded by the lock. */
        private @Nullable TreeSet<Entry<K>> in;

        private Entry(K key, Holding<K> holding, long order, long own, long result) {
            this.key = key;
            this.holding = holding;
            this.order = order;
            this.own = own;
            this.result = result;
        }
    }

    /** What one owner keeps. Guarded by the lock. */
    private static final class Holding<K> {

        private final OperationOwner owner;

        private final long order;

        private long total;

        private long empty;

        private final TreeSet<Entry<K>> fetched = new TreeSet<>(OLDEST_FIRST);

        private final TreeSet<Entry<K>> unfetched = new TreeSet<>(OLDEST_FIRST);

        /** Without a result, or without one any more. */
        private final TreeSet<Entry<K>> without = new TreeSet<>(OLDEST_FIRST);

        Holding(OperationOwner owner, long order) {
            this.owner = owner;
            this.order = order;
        }

        Entry<K> victim() {
            if (!without.isEmpty() && (empty > total / 4 || fetched.isEmpty() && unfetched.isEmpty())) {
                return without.first();
            }
            return fetched.isEmpty() ? unfetched.first() : fetched.first();
        }
    }

    private record Victim<K>(K key, boolean whole) {}

    /**
     * Creates it.
     *
     * @param bound in bytes; 0 for none
     * @param weigher tells the size of a result
     */
    RetainedOperations(long bound, ToLongFunction<Object> weigher) {
        this.bound = bound;
        this.weigher = weigher;
    }

    /** Takes an operation in. Room is made by {@link #makeRoom}, once it can be found. */
    Entry<K> add(K key, Operation end) {
        Object result = end.result();
        long weight = result == null ? 0 : weigh(result);
        long own = OPERATION + textsOf(end);
        synchronized (this) {
            Holding<K> holding = holdings.computeIfAbsent(end.owner().account(), owner -> new Holding<>(owner, next++));
            Entry<K> entry = new Entry<>(key, holding, next++, own, weight);
            changed(holding, own + weight);
            results += weight;
            put(entry, result == null ? holding.without : holding.unfetched);
            return entry;
        }
    }

    private static long textsOf(Operation end) {
        OperationFailure failure = end.failure();
        Progress progress = end.progress();
        return 2L * end.owner().name().length()
                + (failure == null ? 0 : failure.message().length())
                + (progress == null || progress.message() == null
                        ? 0
                        : progress.message().length());
    }

    private long weigh(Object result) {
        try {
            return Math.max(0, weigher.applyAsLong(result));
        } catch (RuntimeException | StackOverflowError e) {
            logger.warn("The size of a result could not be told; it does not count", e);
            return 0;
        }
    }

    private void changed(Holding<K> holding, long by) {
        byWeight.remove(holding);
        holding.total += by;
        total += by;
        byWeight.add(holding);
    }

    private void put(Entry<K> entry, TreeSet<Entry<K>> set) {
        set.add(entry);
        entry.in = set;
        if (set == entry.holding.without) {
            entry.holding.empty += entry.own;
        }
    }

    private void takeOut(Entry<K> entry) {
        TreeSet<Entry<K>> set = entry.in;
        if (set != null) {
            set.remove(entry);
            entry.in = null;
            if (set == entry.holding.without) {
                entry.holding.empty -= entry.own;
            }
        }
    }

    /** Makes room if it is needed. */
    void makeRoom(Dropper<K> dropper) {
        List<Victim<K>> victims = victims();
        for (Victim<K> victim : victims) {
            if (victim.whole()) {
                dropper.drop(victim.key());
            } else {
                dropper.dropResult(victim.key());
            }
        }
    }

    private synchronized List<Victim<K>> victims() {
        if (bound == 0 || total <= bound) {
            return List.of();
        }
        List<Victim<K>> victims = new ArrayList<>();
        while (total > bound) {
            Entry<K> victim = byWeight.first().victim();
            boolean whole = victim.in == victim.holding.without;
            victims.add(new Victim<>(victim.key, whole));
            if (whole) {
                remove(victim);
            } else {
                dropped++;
                takeOut(victim);
                results -= victim.result;
                changed(victim.holding, -victim.result);
                victim.result = 0;
                put(victim, victim.holding.without);
            }
        }
        return victims;
    }

    /** Notes that a result has been handed to a caller that came back for it. */
    synchronized void fetched(@Nullable Entry<K> entry) {
        if (entry != null && entry.in == entry.holding.unfetched) {
            takeOut(entry);
            put(entry, entry.holding.fetched);
        }
    }

    /** Forgets an operation that is no longer kept. */
    synchronized void remove(@Nullable Entry<K> entry) {
        if (entry == null || entry.in == null) {
            return;
        }
        takeOut(entry);
        results -= entry.result;
        changed(entry.holding, -(entry.own + entry.result));
        Holding<K> holding = entry.holding;
        if (holding.total == 0) {
            byWeight.remove(holding);
            holdings.remove(holding.owner);
        }
    }

    synchronized ResultMemory memory() {
        return new ResultMemory(results, dropped);
    }
}
