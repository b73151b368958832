package io.asyncmcp.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationQuery;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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

    private static final Comparator<Operation> NEWEST_FIRST =
            Comparator.comparing(Operation::createdAt).reversed();

    private final Cache<String, InMemoryRecord> published;

    private final AtomicInteger expired = new AtomicInteger();

    private volatile boolean closed;

    /**
     * Creates a store.
     *
     * @param retention how long an ended operation is kept
     * @param ticker the monotonic clock that retention is measured with
     */
    public InMemoryOperationStore(Duration retention, Ticker ticker) {
        this.published = Caffeine.newBuilder()
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfter(new Retention(TimeUnit.NANOSECONDS.convert(retention)))
                .removalListener((@Nullable String id, @Nullable InMemoryRecord record, RemovalCause cause) -> {
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
                .sorted(NEWEST_FIRST)
                .limit(query.limit())
                .toList();
    }

    @Override
    public long size() {
        return published.estimatedSize();
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

        private final AtomicReference<Operation> state;

        InMemoryRecord(Operation initial) {
            this.state = new AtomicReference<>(initial);
        }

        @Override
        public Operation current() {
            return state.get();
        }

        @Override
        public boolean compareAndSet(Operation expected, Operation next) {
            OperationRecords.checkTransition(expected, next);
            if (!state.compareAndSet(expected, next)) {
                return false;
            }
            String id = next.id();
            if (id != null && next.status().isTerminal()) {
                // Putting it again is what makes the cache ask for the entry's new lifetime.
                published.put(id, this);
                dropIfClosed(id);
            }
            return true;
        }

        @Override
        public Operation publish() {
            String newId = null;
            while (true) {
                Operation now = state.get();
                if (now.id() != null) {
                    if (!now.status().isTerminal()) {
                        // Whoever set the id may not have come to the next line yet, and our caller hands the id out.
                        published.asMap().putIfAbsent(now.id(), this);
                        dropIfClosed(now.id());
                    }
                    return now;
                }
                newId = newId == null ? OperationIds.next() : newId;
                if (state.compareAndSet(now, now.withId(newId))) {
                    // Races with a terminal compareAndSet, which puts it again: the later of the two sees the end.
                    published.put(newId, this);
                    dropIfClosed(newId);
                    return state.get();
                }
            }
        }
    }

    /** Running operations have no end of life, ended ones get the retention period. */
    private record Retention(long nanos) implements Expiry<String, InMemoryRecord> {

        @Override
        public long expireAfterCreate(String id, InMemoryRecord record, long currentTime) {
            return record.current().status().isTerminal() ? nanos : Long.MAX_VALUE;
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
