package io.asyncmcp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.store.InMemoryOperationStore;
import io.asyncmcp.store.OperationRecord;
import io.asyncmcp.store.OperationStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A store that works until somebody needs a handle. */
final class UnpublishableStore implements OperationStore {

    private final InMemoryOperationStore store =
            new InMemoryOperationStore(Duration.ofMinutes(5), Ticker.systemTicker());

    @Override
    public OperationRecord create(Operation initial) {
        OperationRecord record = store.create(initial);
        return new OperationRecord() {
            @Override
            public Operation current() {
                return record.current();
            }

            @Override
            public boolean compareAndSet(Operation expected, Operation next) {
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
                throw new IllegalStateException("no room");
            }
        };
    }

    @Override
    public Optional<OperationRecord> find(String id) {
        return Optional.empty();
    }

    @Override
    public List<Operation> list(OperationQuery query) {
        return List.of();
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public ResultMemory resultMemory() {
        return store.resultMemory();
    }

    @Override
    public int expire() {
        return 0;
    }

    @Override
    public void close() {
        store.close();
    }
}
