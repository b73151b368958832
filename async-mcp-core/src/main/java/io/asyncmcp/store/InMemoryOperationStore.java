package io.asyncmcp.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.ResultMemory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps operations in this process's memory; a restart loses them.
 *
 * <p>An operation costs nothing here until it is published. A running operation is never evicted; an ended one goes when
 * its retention is over. Thread-safe, never blocks.
 *
 * @since 0.1.0
 */
public final class InMemoryOperationStore implements OperationStore {

    /** A field of the record, because every call has a record. */
    private static final AtomicReferenceFieldUpdater<InMemoryRecord, Operation> STATE =
            AtomicReferenceFieldUpdater.newUpdater(InMemoryRecord.class, Operation.class, "state");

    private final Cache<String, InMemoryRecord> published;

    private final Ticker ticker;

    private final RetainedResults<InMemoryRecord> results;

    private final AtomicInteger expired = new AtomicInteger();

    private volatile boolean closed;

    /**
     * Creates a store.
     *
     * @param retention how long an ended operation is kept
     * @param ticker the monotonic clock that retention and ttl are measured with
     */
    public InMemoryOperationStore(Duration retention, Ticker ticker) {
        this(retention, ticker, 0, result -> 0);
    }

    /**
     * Creates a store with a bound for results.
     *
     * @param retention how long an ended operation is kept
     * @param ticker the monotonic clock that retention and ttl are measured with
     * @param maxResultBytes how many bytes results may take up, 0 for no limit; over it results are dropped, those first that
     *     have been fetched and then the oldest. Their operations stay, and say so
     * @param resultWeigher tells the size of a result in bytes; called once for each operation that somebody can come back
     *     for, on the thread that ended it
     */
    public InMemoryOperationStore(
            Duration retention, Ticker ticker, long maxResultBytes, ToLongFunction<Object> resultWeigher) {
        this.ticker = ticker;
        this.results = new RetainedResults<>(maxResultBytes, resultWeigher);
        this.published = Caffeine.newBuilder()
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfter(new Retention(TimeUnit.NANOSECONDS.convert(retention)))
                .removalListener((@Nullable String id, @Nullable InMemoryRecord record, RemovalCause cause) -> {
                    if (record != null && cause != RemovalCause.REPLACED) {
                        results.remove(record);
                    }
                    if (cause == RemovalCause.EXPIRED) {
                        expired.incrementAndGet();
                    }
                })
                .build();
    }

    @Override
    public OperationRecord create(Operation initial) {
        return new InMemoryRecord(initial);
    }

    @Override
    public Optional<OperationRecord> find(String id) {
        return Optional.ofNullable(published.getIfPresent(id));
    }

    @Override
    public List<Operation> list(OperationQuery query) {
        return published.asMap().values().stream()
                .map(InMemoryRecord::current)
                .filter(query::matches)
                .sorted(OperationQuery.NEWEST_FIRST)
                .limit(query.limit())
                .toList();
    }

    @Override
    public long size() {
        return published.estimatedSize();
    }

    @Override
    public ResultMemory resultMemory() {
        return results.memory();
    }

    @Override
    public int expire() {
        published.cleanUp();
        return expired.getAndSet(0);
    }

    @Override
    public void close() {
        closed = true;
        published.invalidateAll();
    }

    /** What a body publishes on its way out has nobody to expire it once the store is closed. */
    private void dropIfClosed(String id) {
        if (closed) {
            published.invalidate(id);
        }
    }

    /** Identity matters: two records are equal only if they are the same one. */
    private final class InMemoryRecord implements OperationRecord {

        private volatile Operation state;

        /** By the ticker: the instants of the operation are for people, and their clock may be set at any time. */
        private final long createdAt;

        InMemoryRecord(Operation initial) {
            this.state = initial;
            this.createdAt = ticker.read();
        }

        @Override
        public Operation current() {
            return state;
        }

        @Override
        public boolean compareAndSet(Operation expected, Operation next) {
            OperationRecords.checkTransition(expected, next);
            if (!STATE.compareAndSet(this, expected, next)) {
                return false;
            }
            String id = next.id();
            if (id != null && next.status().isTerminal()) {
                retain(next);
                // Putting it again is what makes the cache ask for the entry's new lifetime.
                published.put(id, this);
                dropIfClosed(id);
            }
            return true;
        }

        /** Before it is put, so that its removal comes after. */
        private void retain(Operation end) {
            results.add(this, end.result()).forEach(InMemoryRecord::dropResult);
        }

        private void dropResult() {
            STATE.updateAndGet(this, now -> now.result() == null ? now : now.withResultDropped());
        }

        @Override
        public void fetched() {
            results.fetched(this);
        }

        @Override
        public Operation publish() {
            String newId = null;
            while (true) {
                Operation now = state;
                if (now.id() != null) {
                    if (!now.status().isTerminal()) {
                        // Whoever set the id may not have come to the next line yet, and our caller hands the id out.
                        published.asMap().putIfAbsent(now.id(), this);
                        dropIfClosed(now.id());
                    }
                    return now;
                }
                newId = newId == null ? OperationIds.next() : newId;
                if (STATE.compareAndSet(this, now, now.withId(newId))) {
                    if (now.status().isTerminal()) {
                        retain(now);
                    }
                    // Races with a terminal compareAndSet, which puts it again: the later of the two sees the end.
                    published.put(newId, this);
                    dropIfClosed(newId);
                    return state;
                }
            }
        }
    }

    /** Running operations have no end of life; ended ones get the retention period, or their ttl if that ends later. */
    private record Retention(long nanos) implements Expiry<String, InMemoryRecord> {

        @Override
        public long expireAfterCreate(String id, InMemoryRecord record, long currentTime) {
            Operation operation = record.current();
            if (!operation.status().isTerminal()) {
                return Long.MAX_VALUE;
            }
            Duration ttl = operation.ttl();
            return ttl == null
                    ? nanos
                    : Math.max(nanos, TimeUnit.NANOSECONDS.convert(ttl) - (currentTime - record.createdAt));
        }

        @Override
        public long expireAfterUpdate(String id, InMemoryRecord record, long currentTime, long currentDuration) {
            return expireAfterCreate(id, record, currentTime);
        }

        @Override
        public long expireAfterRead(String id, InMemoryRecord record, long currentTime, long currentDuration) {
            return currentDuration;
        }
    }
}
