package io.asyncmcp.store;

import io.asyncmcp.ResultMemory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory the results of ended operations take up, and which of them go when it is too much: those that have been
 * fetched, and then the oldest.
 *
 * <p>Thread-safe. The lock is held for a few map operations.
 *
 * @param <K> what has a result
 */
final class RetainedResults<K> {

    private static final Logger logger = LoggerFactory.getLogger(RetainedResults.class);

    private static final Comparator<Entry<?>> OLDEST_FIRST = Comparator.comparingLong(entry -> entry.order);

    private final long bound;

    private final ToLongFunction<Object> weigher;

    /** By the order of their ends. Guarded by this. */
    private final TreeSet<Entry<K>> fetched = new TreeSet<>(OLDEST_FIRST);

    /** By the order of their ends. Guarded by this. */
    private final TreeSet<Entry<K>> unfetched = new TreeSet<>(OLDEST_FIRST);

    /** Guarded by this. */
    private long total;

    /** Guarded by this. */
    private long dropped;

    /** Guarded by this. */
    private long next;

    /** A result that was taken in. */
    static final class Entry<K> {

        private final K key;

        private final long order;

        private final long weight;

        private Entry(K key, long order, long weight) {
            this.key = key;
            this.order = order;
            this.weight = weight;
        }
    }

    /**
     * Creates it.
     *
     * @param bound in bytes; 0 for none
     * @param weigher tells the size of a result
     */
    RetainedResults(long bound, ToLongFunction<Object> weigher) {
        this.bound = bound;
        this.weigher = weigher;
    }

    /**
     * Takes a result in.
     *
     * @param dropper drops the results that have to go to make room, which may be this one too
     * @return what stands for it here, or {@code null} if there is no result
     */
    @Nullable
    Entry<K> add(K key, @Nullable Object result, Consumer<K> dropper) {
        if (result == null) {
            return null;
        }
        long weight = weigh(result);
        Entry<K> entry;
        List<Entry<K>> victims;
        synchronized (this) {
            entry = new Entry<>(key, next++, weight);
            unfetched.add(entry);
            total += weight;
            victims = makeRoom();
        }
        victims.forEach(victim -> dropper.accept(victim.key));
        return entry;
    }

    private long weigh(Object result) {
        try {
            return Math.max(0, weigher.applyAsLong(result));
        } catch (RuntimeException | StackOverflowError e) {
            logger.warn("The size of a result could not be told; it does not count", e);
            return 0;
        }
    }

    private List<Entry<K>> makeRoom() {
        if (bound == 0 || total <= bound) {
            return List.of();
        }
        List<Entry<K>> victims = new ArrayList<>();
        while (total > bound) {
            Entry<K> victim = fetched.isEmpty() ? unfetched.first() : fetched.first();
            victims.add(victim);
            remove(victim);
            dropped++;
        }
        return victims;
    }

    /** Notes that a result has been handed to whoever came back for it. */
    synchronized void fetched(@Nullable Entry<K> entry) {
        if (entry != null && unfetched.remove(entry)) {
            fetched.add(entry);
        }
    }

    /** Forgets a result that is no longer kept. */
    synchronized void remove(@Nullable Entry<K> entry) {
        if (entry != null && (unfetched.remove(entry) || fetched.remove(entry))) {
            total -= entry.weight;
        }
    }

    synchronized ResultMemory memory() {
        return new ResultMemory(total, dropped);
    }
}
