package io.asyncmcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Operations;
import io.asyncmcp.Racers;
import io.asyncmcp.doubles.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store promises. A subclass says how to make one. */
public abstract class OperationStoreContractTests {

    protected static final Duration RETENTION = Duration.ofMinutes(5);

    /** How much later than its retention an operation may go at the most. */
    protected static final Duration SLACK = Duration.ofSeconds(2);

    private static final OperationOwner ANN = OperationOwner.principal("ann");

    private static final OperationOwner BOB = OperationOwner.session("bob");

    protected final MutableClock clock = new MutableClock();

    protected OperationStore store;

    /** Makes an empty store that keeps ended operations for {@link #RETENTION}, measured by {@link #clock}. */
    protected abstract OperationStore newStore();

    /** How many times each race is run. */
    protected int rounds() {
        return 2_000;
    }

    @BeforeEach
    void open() {
        store = newStore();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void newRecordHasItsFirstState() {
        Operation first = Operations.queued("report", ANN, clock.instant());

        OperationRecord record = store.create(first);

        assertThat(record.current()).isEqualTo(first);
        assertThat(record.current().id()).isNull();
    }

    @Test
    void publishedRecordIsFoundUnderItsId() {
        OperationRecord record = working();

        Operation published = record.publish();

        assertThat(OperationIds.isWellFormed(published.requireId())).isTrue();
        assertThat(published.status()).isEqualTo(OperationStatus.WORKING);
        assertThat(store.find(published.requireId()).orElseThrow().current()).isEqualTo(published);
        assertThat(store.size()).isOne();
    }

    @Test
    void foundRecordIsEqualToTheOneThatWasCreated() {
        OperationRecord record = working();
        OperationRecord other = working();
        OperationRecord found = store.find(record.publish().requireId()).orElseThrow();

        assertThat(found).isEqualTo(record).hasSameHashCodeAs(record).isNotEqualTo(other);
    }

    @Test
    void publishingAgainChangesNothing() {
        OperationRecord record = working();

        assertThat(record.publish()).isEqualTo(record.publish());
        Operation end = end(record, Operations.completed(record.current(), "done"));

        assertThat(record.publish()).isEqualTo(end);
        assertThat(store.size()).isOne();
    }

    @Test
    void endedRecordCanBePublishedAndExpires() {
        OperationRecord record = working();
        end(record, Operations.completed(record.current(), "done"));

        String id = record.publish().requireId();

        assertThat(store.find(id).orElseThrow().current().result()).isEqualTo("done");
        clock.advance(RETENTION.plus(SLACK));
        assertThat(store.find(id)).isEmpty();
    }

    @Test
    void idsThatNobodyHasAreNotFound() {
        working().publish();

        assertThat(store.find(OperationIds.next())).isEmpty();
        assertThat(store.find("")).isEmpty();
        assertThat(store.find("'; drop table operations; --")).isEmpty();
        assertThat(store.find("x".repeat(10_000))).isEmpty();
    }

    @Test
    void staleWriterLosesAndChangesNothing() {
        OperationRecord record = working();
        Operation stale = record.current();
        Operation newer = Operations.progressed(stale, 1);
        assertThat(record.compareAndSet(stale, newer)).isTrue();

        assertThat(record.compareAndSet(stale, Operations.completed(stale, "stale")))
                .isFalse();

        assertThat(record.current()).isEqualTo(newer);
    }

    @Test
    void writerThatDoesNotKnowOfTheIdLoses() {
        OperationRecord record = working();
        Operation before = record.current();
        Operation published = record.publish();

        assertThat(record.compareAndSet(before, Operations.completed(before, "done")))
                .isFalse();
        assertThat(record.current()).isEqualTo(published);
    }

    @Test
    void terminalStateIsFinal() {
        OperationRecord record = working();
        Operation before = record.current();
        Operation end = end(record, Operations.cancelled(before));

        assertThatIllegalStateException()
                .isThrownBy(() -> record.compareAndSet(end, before))
                .withMessage("an operation that is CANCELLED cannot become WORKING: terminal states are final");
        assertThatIllegalStateException()
                .isThrownBy(() -> record.compareAndSet(end, Operations.completed(end, "late")))
                .withMessageContaining("cannot become COMPLETED");
        assertThatIllegalStateException()
                .isThrownBy(() -> record.compareAndSet(end, Operations.progressed(end, 1)))
                .withMessage("an operation that is CANCELLED does not change");
        assertThat(record.current()).isEqualTo(end);
    }

    @Test
    void transitionThatDoesNotExistIsRefused() {
        OperationRecord record = store.create(Operations.queued("report", ANN, clock.instant()));

        assertThatIllegalStateException()
                .isThrownBy(
                        () -> record.compareAndSet(record.current(), Operations.completed(record.current(), "early")));
    }

    @Test
    void listIsNewestFirstFilteredAndLimited() {
        String first = publish("report", ANN);
        String second = publish("other", ANN);
        String third = publish("report", BOB);
        OperationRecord record = store.find(third).orElseThrow();
        end(record, Operations.failed(record.current(), "boom"));
        working();

        assertThat(list(OperationQuery.ALL)).containsExactly(third, second, first);
        assertThat(list(OperationQuery.ALL.withLimit(1))).containsExactly(third);
        assertThat(list(OperationQuery.ALL.withOwner(ANN))).containsExactly(second, first);
        assertThat(list(OperationQuery.ALL.withType("report"))).containsExactly(third, first);
        assertThat(list(OperationQuery.ALL.withStatuses(Set.of(OperationStatus.FAILED))))
                .containsExactly(third);
        assertThat(list(OperationQuery.ALL.withStatuses(Set.of()))).isEmpty();
    }

    @Test
    void runningOperationIsNeverEvicted() {
        String id = publish("report", ANN);

        clock.advance(Duration.ofDays(365));
        assertThat(store.expire()).isZero();

        assertThat(store.find(id)).isPresent();
    }

    @Test
    void endedOperationIsKeptForItsRetentionFromItsEnd() {
        OperationRecord record = working();
        String id = record.publish().requireId();
        clock.advance(Duration.ofDays(1));
        end(record, Operations.completed(record.current(), "done"));

        clock.advance(RETENTION.minusNanos(1));
        assertThat(store.find(id)).isPresent();
        clock.advance(SLACK);

        assertThat(store.find(id)).isEmpty();
        assertThat(list(OperationQuery.ALL)).isEmpty();
    }

    @Test
    void endedOperationIsKeptForItsTtlIfThatIsLonger() {
        OperationRecord kept = endedWithTtl(RETENTION.multipliedBy(2));
        OperationRecord small = endedWithTtl(Duration.ofMillis(1));

        clock.advance(RETENTION.minus(SLACK));
        assertThat(store.find(small.current().requireId()))
                .as("a small ttl shortens nothing")
                .isPresent();
        clock.advance(SLACK.multipliedBy(2));
        assertThat(store.find(small.current().requireId())).isEmpty();
        assertThat(store.find(kept.current().requireId())).isPresent();
        clock.advance(RETENTION);

        assertThat(store.find(kept.current().requireId())).isEmpty();
    }

    private OperationRecord endedWithTtl(Duration ttl) {
        OperationRecord record = working();
        record.publish();
        assertThat(record.compareAndSet(record.current(), Operations.withTtl(record.current(), ttl)))
                .isTrue();
        end(record, Operations.completed(record.current(), "done"));
        return record;
    }

    @Test
    void pagesNeitherRepeatNorSkip() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(publish("report", ANN));
        }
        // Several of one moment.
        Operation twin = Operations.queued("report", ANN, clock.instant());
        for (int i = 0; i < 3; i++) {
            all.add(store.create(twin).publish().requireId());
        }
        List<String> paged = new ArrayList<>();
        OperationQuery query = OperationQuery.ALL.withLimit(2);
        List<Operation> page = store.list(query);
        while (!page.isEmpty()) {
            page.forEach(operation -> paged.add(operation.requireId()));
            // What comes while somebody turns pages is at the beginning, which is behind them.
            publish("report", BOB);
            page = store.list(query.withAfter(OperationQuery.Position.of(page.get(page.size() - 1))));
        }
        assertThat(paged).containsExactlyInAnyOrderElementsOf(all).doesNotHaveDuplicates();
    }

    @Test
    void expireCountsWhatWentSinceTheLastTime() {
        for (int i = 0; i < 3; i++) {
            OperationRecord record = working();
            record.publish();
            end(record, Operations.completed(record.current(), "done"));
        }
        publish("report", ANN);
        clock.advance(RETENTION.plus(SLACK));

        assertThat(store.expire()).isEqualTo(3);
        assertThat(store.expire()).isZero();
        assertThat(store.size()).isOne();
    }

    @Test
    void exactlyOneOfManyWritersWins() {
        try (Racers racers = new Racers(4)) {
            for (int round = 0; round < rounds(); round++) {
                OperationRecord record = working();
                Operation now = record.current();

                List<Boolean> won = racers.race(
                        () -> record.compareAndSet(now, Operations.completed(now, "a")),
                        () -> record.compareAndSet(now, Operations.completed(now, "b")),
                        () -> record.compareAndSet(now, Operations.failed(now, "c")),
                        () -> record.compareAndSet(now, Operations.cancelled(now)));

                assertThat(won).containsOnlyOnce(true);
                Operation expected = switch (won.indexOf(true)) {
                    case 0 -> Operations.completed(now, "a");
                    case 1 -> Operations.completed(now, "b");
                    case 2 -> Operations.failed(now, "c");
                    default -> Operations.cancelled(now);
                };
                assertThat(record.current()).isEqualTo(expected);
            }
        }
    }

    @Test
    void noWriteIsLost() {
        int writers = 3;
        int writes = Math.max(1, rounds() / 4);
        OperationRecord record = working();
        Callable<Integer> writer = () -> {
            for (int i = 0; i < writes; i++) {
                boolean written = false;
                while (!written) {
                    Operation now = record.current();
                    double before = now.progress() == null ? 0 : now.progress().progress();
                    written = record.compareAndSet(now, Operations.progressed(now, before + 1));
                }
            }
            return writes;
        };
        try (Racers racers = new Racers(writers)) {
            racers.race(writer, writer, writer);
        }

        assertThat(record.current().progress().progress()).isEqualTo(writers * writes);
    }

    @Test
    void publishersAgreeOnOneIdAndFindWhatTheyPublished() {
        try (Racers racers = new Racers(3)) {
            for (int round = 0; round < rounds(); round++) {
                OperationRecord record = working();
                Callable<String> publisher = () -> {
                    String id = record.publish().requireId();
                    assertThat(store.find(id)).as("the id that was handed out").isPresent();
                    return id;
                };

                List<String> ids = racers.race(publisher, publisher, publisher);

                assertThat(ids).containsOnly(ids.get(0));
            }
        }
        assertThat(store.size()).isEqualTo(rounds());
    }

    @Test
    void operationThatEndsWhileItIsPublishedIsFoundAndExpires() {
        try (Racers racers = new Racers(2)) {
            for (int round = 0; round < rounds(); round++) {
                OperationRecord record = working();

                String id = racers.<String>race(() -> record.publish().requireId(), () -> {
                            boolean ended = false;
                            while (!ended) {
                                Operation now = record.current();
                                ended = record.compareAndSet(now, Operations.completed(now, "done"));
                            }
                            return "";
                        })
                        .get(0);

                assertThat(store.find(id).orElseThrow().current().result()).isEqualTo("done");
            }
        }
        clock.advance(RETENTION.plus(SLACK));
        assertThat(store.expire()).as("none of them is kept for ever").isEqualTo(rounds());
        assertThat(store.size()).isZero();
    }

    private OperationRecord working() {
        return working("report", ANN);
    }

    private OperationRecord working(String type, OperationOwner owner) {
        clock.advance(Duration.ofMillis(1));
        Operation first = Operations.queued(type, owner, clock.instant());
        OperationRecord record = store.create(first);
        assertThat(record.compareAndSet(first, Operations.working(first))).isTrue();
        return record;
    }

    private String publish(String type, OperationOwner owner) {
        return working(type, owner).publish().requireId();
    }

    private static Operation end(OperationRecord record, Operation end) {
        assertThat(record.compareAndSet(record.current(), end)).isTrue();
        return end;
    }

    private List<String> list(OperationQuery query) {
        return store.list(query).stream().map(Operation::requireId).toList();
    }
}
