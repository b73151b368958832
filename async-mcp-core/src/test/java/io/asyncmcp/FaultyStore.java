package io.asyncmcp;

import io.asyncmcp.store.OperationRecord;
import io.asyncmcp.store.OperationStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A store that works until a test says what fails, and does again once the test says so. */
public final class FaultyStore implements OperationStore {

    /** What can be asked of a store. */
    public enum Call {
        CREATE,
        CURRENT,
        CHANGE,
        END,
        PUBLISH,
        FIND,
        LIST,
        EXPIRE,
        COUNT,
        FETCHED,
        CLOSE
    }

    private final OperationStore store;

    private volatile Predicate<Call> failing = call -> false;

    private volatile boolean afterwards;

    private volatile Consumer<Call> done = call -> {};

    private volatile Supplier<Throwable> fault = () -> new IllegalStateException("the database is gone");

    public FaultyStore(OperationStore store) {
        this.store = store;
    }

    /** From now on these calls fail, without having done anything. */
    public void fail(Call... calls) {
        List<Call> all = List.of(calls);
        afterwards = false;
        failing = all::contains;
    }

    /** From now on these calls do what they should, and fail then. */
    public void failAfterwards(Call... calls) {
        fail(calls);
        afterwards = true;
    }

    /** As soon as one of the first has been done, the others fail. */
    public void failAfter(Call trigger, Call... calls) {
        List<Call> all = List.of(calls);
        done = call -> {
            if (call == trigger) {
                done = ignored -> {};
                failing = all::contains;
            }
        };
    }

    public void failWith(Supplier<Throwable> value) {
        fault = value;
    }

    public void recover() {
        failing = call -> false;
    }

    private <T> T call(Call call, Supplier<T> work) {
        if (!failing.test(call)) {
            T result = work.get();
            done.accept(call);
            return result;
        }
        if (afterwards) {
            work.get();
        }
        throw FaultyStore.<RuntimeException>sneaky(fault.get());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneaky(Throwable error) throws T {
        throw (T) error;
    }

    @Override
    public OperationRecord create(Operation initial) {
        return new FaultyRecord(call(Call.CREATE, () -> store.create(initial)));
    }

    @Override
    public Optional<OperationRecord> find(String id) {
        return call(Call.FIND, () -> store.find(id)).map(FaultyRecord::new);
    }

    @Override
    public List<Operation> list(OperationQuery query) {
        return call(Call.LIST, () -> store.list(query));
    }

    @Override
    public long size() {
        return call(Call.COUNT, store::size);
    }

    @Override
    public ResultMemory resultMemory() {
        return store.resultMemory();
    }

    @Override
    public int expire() {
        return call(Call.EXPIRE, store::expire);
    }

    @Override
    public void close() {
        call(Call.CLOSE, () -> {
            store.close();
            return null;
        });
    }

    private final class FaultyRecord implements OperationRecord {

        private final OperationRecord record;

        FaultyRecord(OperationRecord record) {
            this.record = record;
        }

        @Override
        public Operation current() {
            return call(Call.CURRENT, record::current);
        }

        @Override
        public boolean compareAndSet(Operation expected, Operation next) {
            Call call = next.status().isTerminal() ? Call.END : Call.CHANGE;
            return call(call, () -> record.compareAndSet(expected, next));
        }

        @Override
        public void fetched() {
            call(Call.FETCHED, () -> {
                record.fetched();
                return null;
            });
        }

        @Override
        public void told() {
            record.told();
        }

        @Override
        public Operation publish() {
            return call(Call.PUBLISH, record::publish);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof FaultyRecord faulty && record.equals(faulty.record);
        }

        @Override
        public int hashCode() {
            return record.hashCode();
        }
    }
}
