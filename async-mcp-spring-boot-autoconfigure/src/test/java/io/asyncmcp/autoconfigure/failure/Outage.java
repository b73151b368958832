package io.asyncmcp.autoconfigure.failure;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.ResultMemory;
import io.asyncmcp.store.InMemoryOperationStore;
import io.asyncmcp.store.OperationRecord;
import io.asyncmcp.store.OperationStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A store that works, until a test says what throws or stalls. */
final class Outage implements OperationStore {

    enum Of {
        CREATING,
        READING,
        STARTS,
        ENDS,
        PUBLISHING,
        FINDING,
        LISTING,
        COUNTING,
        CLOSING
    }

    private record State(Set<Of> hit, Supplier<@Nullable Throwable> fault, CountDownLatch over) {}

    private static final State NONE = new State(Set.of(), () -> null, new CountDownLatch(0));

    private final OperationStore store;

    private final AtomicInteger stalled = new AtomicInteger();

    private volatile State state = NONE;

    Outage(Duration retention) {
        store = new InMemoryOperationStore(retention, System::nanoTime);
    }

    /** From now on these throw, and do nothing else. */
    void fails(Supplier<@Nullable Throwable> fault, Of... hit) {
        state = new State(Set.of(hit), fault, new CountDownLatch(0));
    }

    /** From now on these do not return until it is over, and do what they should then. */
    void stalls(Of... hit) {
        state = new State(Set.of(hit), () -> null, new CountDownLatch(1));
    }

    /** How many calls do not return. */
    int stalled() {
        return stalled.get();
    }

    void over() {
        State before = state;
        state = NONE;
        before.over().countDown();
    }

    private void pass(Of what) {
        State now = state;
        if (!now.hit().contains(what)) {
            return;
        }
        stalled.incrementAndGet();
        try {
            now.over().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stalled.decrementAndGet();
        }
        Throwable fault = now.fault().get();
        if (fault != null) {
            throw Outage.<RuntimeException>undeclared(fault);
        }
    }

    /** A driver in another language of the JVM throws what it likes. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T undeclared(Throwable fault) throws T {
        throw (T) fault;
    }

    @Override
    public OperationRecord create(Operation initial) {
        pass(Of.CREATING);
        return new Hit(store.create(initial));
    }

    @Override
    public Optional<OperationRecord> find(String id) {
        pass(Of.FINDING);
        return store.find(id).map(Hit::new);
    }

    @Override
    public List<Operation> list(OperationQuery query) {
        pass(Of.LISTING);
        return store.list(query);
    }

    @Override
    public long size() {
        pass(Of.COUNTING);
        return store.size();
    }

    @Override
    public ResultMemory resultMemory() {
        return store.resultMemory();
    }

    @Override
    public int expire() {
        return store.expire();
    }

    @Override
    public void close() {
        pass(Of.CLOSING);
        store.close();
    }

    /** Every look-up makes another one of the same record. */
    private final class Hit implements OperationRecord {

        private final OperationRecord record;

        Hit(OperationRecord record) {
            this.record = record;
        }

        @Override
        public Operation current() {
            pass(Of.READING);
            return record.current();
        }

        @Override
        public boolean compareAndSet(Operation expected, Operation next) {
            pass(next.status().isTerminal() ? Of.ENDS : Of.STARTS);
            return record.compareAndSet(expected, next);
        }

        @Override
        public void fetched() {
            record.fetched();
        }

        @Override
        public void told() {
            record.told();
        }

        @Override
        public Operation publish() {
            pass(Of.PUBLISHING);
            return record.publish();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Hit hit && record.equals(hit.record);
        }

        @Override
        public int hashCode() {
            return record.hashCode();
        }
    }
}
