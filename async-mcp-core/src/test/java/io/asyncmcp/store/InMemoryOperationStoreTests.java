package io.asyncmcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.Operations;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InMemoryOperationStoreTests extends OperationStoreContractTests {

    @Override
    protected OperationStore newStore() {
        return new InMemoryOperationStore(RETENTION, clock);
    }

    @Test
    void operationCostsNothingBeforeItIsPublished() {
        OperationRecord record = create();
        record.compareAndSet(record.current(), Operations.cancelled(record.current()));

        assertThat(store.size()).isZero();
        assertThat(store.list(OperationQuery.ALL)).isEmpty();
    }

    @Test
    void closedStoreHoldsNothingWhateverBodiesPublishOnTheirWayOut() {
        OperationRecord published = create();
        published.publish();
        OperationRecord late = create();

        store.close();
        Operation now = published.current();
        published.compareAndSet(now, Operations.cancelled(now));
        late.publish();

        assertThat(store.size()).isZero();
        assertThat(store.find(late.current().requireId())).isEmpty();
    }

    @Test
    void retentionMayMeanForEver() {
        InMemoryOperationStore eternal = new InMemoryOperationStore(Duration.ofSeconds(Long.MAX_VALUE), clock);
        OperationRecord record =
                eternal.create(Operations.queued("report", OperationOwner.APPLICATION, clock.instant()));
        Operation queued = endedAfterPublishing(record);

        clock.advance(Duration.ofDays(365 * 50));

        assertThat(eternal.expire()).isZero();
        assertThat(eternal.find(queued.requireId())).isPresent();
    }

    @Test
    void endedOperationIsGoneOnTimeThoughNobodyHasCleanedUp() {
        OperationRecord record = create();
        Operation queued = endedAfterPublishing(record);

        clock.advance(RETENTION.minusNanos(1));
        assertThat(store.find(queued.requireId())).isPresent();
        clock.advance(Duration.ofNanos(1));

        assertThat(store.find(queued.requireId())).isEmpty();
        assertThat(store.list(OperationQuery.ALL)).isEmpty();
        assertThat(store.expire()).isOne();
        assertThat(store.size()).isZero();
    }

    @Test
    void expiredOperationThatIsPublishedAgainIsNotKept() {
        OperationRecord record = create();
        Operation queued = endedAfterPublishing(record);
        clock.advance(RETENTION);
        store.expire();

        record.publish();

        assertThat(store.find(queued.requireId())).isEmpty();
        assertThat(store.size()).isZero();
        assertThat(store.expire()).isZero();
    }

    @Test
    @Timeout(60)
    void listOfAnOwnerTakesNoLongerForWhatOthersHave() {
        for (int i = 0; i < 50_000; i++) {
            store.create(Operations.queued("report", OperationOwner.session("others"), clock.instant()))
                    .publish();
        }
        Operation own = store.create(Operations.queued("report", OperationOwner.session("own"), clock.instant()))
                .publish();

        for (int i = 0; i < 300_000; i++) {
            assertThat(store.list(OperationQuery.ALL.withOwner(own.owner()))).hasSize(1);
        }
    }

    @Test
    void nothingIsKeptOfAnOwnerWhoseOperationsAreGone() {
        endedAfterPublishing(create());
        clock.advance(RETENTION);

        store.expire();

        assertThat(store).extracting("owned").asInstanceOf(MAP).isEmpty();
    }

    private static Operation endedAfterPublishing(OperationRecord record) {
        Operation queued = record.publish();
        record.compareAndSet(queued, Operations.cancelled(queued));
        return queued;
    }

    private OperationRecord create() {
        return store.create(Operations.queued("report", OperationOwner.APPLICATION, clock.instant()));
    }
}
