package io.asyncmcp.store;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.ResultMemory;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps operations in this process's memory; a restart loses them.
 *
 * <p>An operation costs nothing here until it is published. A running operation is never evicted; an ended one cannot be
 * found any more when its retention is over, and its memory goes with the next {@link #expire()}. Thread-safe, never blocks.
 *
 * @since 0.1.0
 */
public final class InMemoryOperationStore implements OperationStore {

    /** A field of the record, because every call has a record. */
    private static final AtomicReferenceFieldUpdater<InMemoryRecord, Operation> STATE =
            AtomicReferenceFieldUpdater.newUpdater(InMemoryRecord.class, Operation.class, "state");

    /** By deadline; no two entries have the same id. The ticker may overflow, so that only differences count. */
    private static final Comparator<Entry> SOONEST_FIRST = (one, other) -> {
        int order = Long.signum(one.deadline - other.deadline);
        return order != 0 ? order : one.id.compareTo(other.id);
    };

    /**
     * By id. Neither of the two has a table that is swept, copied or left behind at its largest: many operations can come and
     * go without a call that waits for it, and their memory goes with them.
     */
    private final ConcurrentNavigableMap<String, Entry> published = new ConcurrentSkipListMap<>();

    /** The same by owner: nobody's list takes longer for what others have. */
    private final ConcurrentNavigableMap<Owned, Entry> owned = new ConcurrentSkipListMap<>();

    private final ConcurrentSkipListSet<Entry> ended = new ConcurrentSkipListSet<>(SOONEST_FIRST);

    private final RetainedOperations<Entry> kept;

    private final RetainedOperations.Dropper<Entry> dropper = new RetainedOperations.Dropper<>() {
        @Override
        public void dropResult(Entry entry) {
            entry.record.dropResult();
        }

        @Override
        public void drop(Entry entry) {
            entry.evicted = true;
            goneEarly(entry);
        }
    };

    private final UnaryOperator<OperationFailure> keptFailure;

    /** What went to make room, since it was last asked. */
    private final AtomicInteger goneEarly = new AtomicInteger();

    private final long retentionNanos;

    private final Ticker ticker;

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
     * Creates a store with a bound for ended operations, that keeps of failures their reason and message.
     *
     * @param retention how long an ended operation is kept
     * @param ticker the monotonic clock that retention and ttl are measured with
     * @param maxBytes how much memory ended operations may take up, 0 for no limit
     * @param resultWeigher tells the size of a result in bytes
     */
    public InMemoryOperationStore(
            Duration retention, Ticker ticker, long maxBytes, ToLongFunction<Object> resultWeigher) {
        this(retention, ticker, maxBytes, resultWeigher, OperationFailure::withoutCause);
    }

    /**
     * Creates a store with a bound for ended operations.
     *
     * @param retention how long an ended operation is kept
     * @param ticker the monotonic clock that retention and ttl are measured with
     * @param maxBytes how much memory ended operations may take up, 0 for no limit; over it something of the owner goes who
     *     takes up the most. First those results go that have been fetched and then the oldest, and their operations stay, and
     *     say so; then the oldest operations
     * @param resultWeigher tells the size of a result in bytes; called once for each operation that somebody can come back
     *     for, on the thread that ended it
     * @param keptFailure makes of a failure what is kept of it when everybody has been told; called for those with a cause
     */
    public InMemoryOperationStore(
            Duration retention,
            Ticker ticker,
            long maxBytes,
            ToLongFunction<Object> resultWeigher,
            UnaryOperator<OperationFailure> keptFailure) {
        this.kept = new RetainedOperations<>(maxBytes, resultWeigher);
        this.keptFailure = keptFailure;
        this.retentionNanos = nanos(retention);
        this.ticker = ticker;
    }

    /** At most half of what a long holds, so that the difference of two deadlines does not overflow. */
    private static long nanos(Duration duration) {
        return Math.min(TimeUnit.NANOSECONDS.convert(duration), Long.MAX_VALUE / 2);
    }

    @Override
    public OperationRecord create(Operation initial) {
        return new InMemoryRecord(initial);
    }

    @Override
    public Optional<OperationRecord> find(String id) {
        Entry entry = published.get(id);
        return entry == null || entry.isOver(ticker.read()) ? Optional.empty() : Optional.of(entry.record);
    }

    @Override
    public List<Operation> list(OperationQuery query) {
        long now = ticker.read();
        OperationOwner owner = query.owner();
        Stream<Entry> entries = owner == null
                ? published.values().stream()
                : owned.tailMap(Owned.first(owner)).entrySet().stream()
                        .takeWhile(each -> each.getKey().owner().equals(owner))
                        .map(Map.Entry::getValue);
        return entries.filter(entry -> !entry.isOver(now))
                .map(entry -> entry.record.current())
                .filter(query::matches)
                .sorted(OperationQuery.NEWEST_FIRST)
                .limit(query.limit())
                .toList();
    }

    @Override
    public String description() {
        return "the memory of this process";
    }

    @Override
    public long size() {
        return published.size();
    }

    @Override
    public ResultMemory resultMemory() {
        return kept.memory();
    }

    @Override
    public int expire() {
        long now = ticker.read();
        int expired = goneEarly.getAndSet(0);
        for (Entry entry : ended) {
            if (!entry.isOver(now)) {
                break;
            }
            if (drop(entry)) {
                expired++;
            }
        }
        return expired;
    }

    @Override
    public void close() {
        closed = true;
        published.values().forEach(this::drop);
    }

    /** Puts an entry where it is found, and looks whether it was dropped before: that is done once. */
    private void put(Entry entry) {
        published.put(entry.id, entry);
        owned.put(entry.owned, entry);
        if (closed) {
            drop(entry);
        } else if (entry.evicted) {
            goneEarly(entry);
        } else if (entry.dropped) {
            // The clean-up sees to the rest, and counts it.
            remove(entry);
        }
    }

    private void remove(Entry entry) {
        published.remove(entry.id, entry);
        owned.remove(entry.owned, entry);
    }

    private void goneEarly(Entry entry) {
        if (drop(entry)) {
            goneEarly.incrementAndGet();
        }
    }

    /** Returns whether an ended operation went: of several who drop it, one is told so. */
    private boolean drop(Entry entry) {
        entry.dropped = true;
        remove(entry);
        kept.remove(entry.kept);
        return ended.remove(entry);
    }

    /** Where an operation is among those of all owners. */
    private record Owned(OperationOwner owner, String id) implements Comparable<Owned> {

        private static final Comparator<Owned> ORDER = Comparator.comparing((Owned place) -> place.owner.kind())
                .thenComparing(place -> place.owner.name())
                .thenComparing(Owned::id);

        /** Comes before all of the owner's. */
        static Owned first(OperationOwner owner) {
            return new Owned(owner, "");
        }

        @Override
        public int compareTo(Owned other) {
            return ORDER.compare(this, other);
        }
    }

    /** A record that has an id. */
    private final class Entry {

        private final String id = OperationIds.next();

        private final long publishedAt = ticker.read();

        private final InMemoryRecord record;

        private final Owned owned;

        /** Valid once it is retained, and then it stays. */
        private volatile long deadline;

        private volatile boolean retained;

        private volatile boolean dropped;

        /** Whether it went to make room, perhaps before it was among those that have ended. Set before it is dropped. */
        private volatile boolean evicted;

        private volatile RetainedOperations.@Nullable Entry<Entry> kept;

        /** Whether its result was fetched, perhaps before it was kept: its end is seen first. */
        private volatile boolean fetched;

        Entry(InMemoryRecord record) {
            this.record = record;
            this.owned = new Owned(record.current().owner(), id);
        }

        /**
         * Begins the retention. Called once: the state that has both an id and an end has one author.
         *
         * <p>A wall clock that is set back or forward changes nothing: the ttl is counted from the publication.
         */
        void retain(Operation end) {
            long now = ticker.read();
            Duration ttl = end.ttl();
            deadline =
                    now + (ttl == null ? retentionNanos : Math.max(retentionNanos, nanos(ttl) - (now - publishedAt)));
            retained = true;
            // Before anybody who drops it can have found it.
            kept = InMemoryOperationStore.this.kept.add(this, end);
            if (fetched) {
                fetched();
            }
            ended.add(this);
            put(this);
            InMemoryOperationStore.this.kept.makeRoom(dropper);
        }

        /** One of the two sees the other: this, which looks for what is kept last, and keeping, which looks for this last. */
        void fetched() {
            fetched = true;
            InMemoryOperationStore.this.kept.fetched(kept);
        }

        boolean isOver(long now) {
            return retained && now - deadline >= 0;
        }
    }

    /** Identity matters: two records are equal only if they are the same one. */
    private final class InMemoryRecord implements OperationRecord {

        private volatile Operation state;

        /** There before the state has its id. */
        private volatile @Nullable Entry entry;

        private volatile boolean told;

        InMemoryRecord(Operation initial) {
            this.state = initial;
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
            if (next.id() != null && next.status().isTerminal()) {
                entry().retain(next);
            }
            return true;
        }

        private void dropResult() {
            STATE.updateAndGet(this, now -> now.result() == null ? now : now.withResultDropped());
        }

        @Override
        public void fetched() {
            Entry mine = entry;
            if (mine != null) {
                mine.fetched();
            }
        }

        @Override
        public void told() {
            told = true;
            dropCause();
        }

        /** Of one that nobody can come back for nothing is kept in any case. */
        private void dropCause() {
            STATE.updateAndGet(
                    this,
                    now -> now.id() == null
                                    || now.failure() == null
                                    || now.failure().cause() == null
                            ? now
                            : now.withFailure(keptFailure.apply(now.failure())));
        }

        @Override
        public Operation publish() {
            Entry mine = entry();
            while (true) {
                Operation now = state;
                if (now.id() != null) {
                    // The thread that set the id may not have come to this line yet, and our caller hands the id out.
                    put(mine);
                    return now;
                }
                if (STATE.compareAndSet(this, now, now.withId(mine.id))) {
                    if (now.status().isTerminal()) {
                        mine.retain(now);
                        if (told) {
                            dropCause();
                        }
                    } else {
                        put(mine);
                    }
                    return state;
                }
            }
        }

        /** Makes it for the first who publishes. */
        private synchronized Entry entry() {
            Entry one = entry;
            if (one == null) {
                one = new Entry(this);
                entry = one;
            }
            return one;
        }
    }
}
