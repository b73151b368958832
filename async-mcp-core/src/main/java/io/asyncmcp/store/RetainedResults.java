package io.asyncmcp.store;

import io.asyncmcp.ResultMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    private final long bound;

    private final ToLongFunction<Object> weigher;

    /** Guarded by this. */
    private final Map<K, Entry> entries = new HashMap<>();

    /** By the order of their ends. Guarded by this. */
    private final TreeMap<Long, K> fetched = new TreeMap<>();

    /** By the order of their ends. Guarded by this. */
    private final TreeMap<Long, K> unfetched = new TreeMap<>();

    /** Guarded by this. */
    private long total;

    /** Guarded by this. */
    private long dropped;

    /** Guarded by this. */
    private long next;

    private record Entry(long order, long weight) {}

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
     * @return whose results have to go
     */
    List<K> add(K key, @Nullable Object result) {
        if (result == null) {
            return List.of();
        }
        long weight = weigh(result);
        synchronized (this) {
            Entry entry = new Entry(next++, weight);
            entries.put(key, entry);
            unfetched.put(entry.order(), key);
            total += weight;
            return makeRoom(key);
        }
    }

    private long weigh(Object result) {
        try {
            return Math.max(0, weigher.applyAsLong(result));
        } catch (RuntimeException | StackOverflowError e) {
            logger.warn("The size of a result could not be told; it does not count", e);
            return 0;
        }
    }

    private List<K> makeRoom(K newest) {
        List<K> victims = new ArrayList<>();
        while (bound > 0 && total > bound) {
            K victim = fetched.isEmpty()
                    ? unfetched.firstEntry().getValue()
                    : fetched.firstEntry().getValue();
            victims.add(victim);
            remove(victim);
            dropped++;
            if (victim.equals(newest)) {
                // It came last, so that nothing is left that could go.
                break;
            }
        }
        return victims;
    }

    /** Notes that a result has been handed to whoever came back for it. */
    synchronized void fetched(K key) {
        Entry entry = entries.get(key);
        if (entry != null && unfetched.remove(entry.order()) != null) {
            fetched.put(entry.order(), key);
        }
    }

    /** Forgets a result that is no longer kept. */
    synchronized void remove(K key) {
        Entry entry = entries.remove(key);
        if (entry != null) {
            fetched.remove(entry.order());
            unfetched.remove(entry.order());
            total -= entry.weight();
        }
    }

    synchronized ResultMemory memory() {
        return new ResultMemory(total, dropped);
    }
}
