package io.asyncmcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.Operations;
import io.asyncmcp.ResultMemory;
import io.asyncmcp.doubles.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What goes when there is no room for all ended operations. Sizes are in thousands: one operation has one itself. */
class RetainedOperationsTests {

    private static final Duration RETENTION = Duration.ofMinutes(5);

    private static final OperationOwner ANN = OperationOwner.principal("ann");

    private static final OperationOwner BOB = OperationOwner.principal("bob");

    private final MutableClock clock = new MutableClock();

    private final InMemoryOperationStore store = store(104);

    private InMemoryOperationStore store(long bound) {
        return new InMemoryOperationStore(
                RETENTION, clock, bound * 1_000, result -> ((String) result).length(), OperationFailure::withoutCause);
    }

    private static ResultMemory thousands(long size, long dropped) {
        return new ResultMemory(size * 1_000, dropped);
    }

    private OperationRecord ended(InMemoryOperationStore in, int size) {
        return ended(in, OperationOwner.APPLICATION, size);
    }

    private OperationRecord ended(InMemoryOperationStore in, OperationOwner owner, int size) {
        OperationRecord record = in.create(Operations.queued("report", owner, MutableClock.START));
        record.publish();
        Operation now = record.current();
        record.compareAndSet(now, Operations.working(now));
        now = record.current();
        assertThat(record.compareAndSet(now, Operations.completed(now, "x".repeat(size * 1_000))))
                .isTrue();
        return record;
    }

    private static boolean hasResult(OperationRecord record) {
        return record.current().result() != null;
    }

    @Test
    void oldestGoesFirst() {
        OperationRecord first = ended(store, 40);
        OperationRecord second = ended(store, 40);
        OperationRecord third = ended(store, 40);
        assertThat(hasResult(first)).isFalse();
        assertThat(hasResult(second)).isTrue();
        assertThat(hasResult(third)).isTrue();
        assertThat(store.resultMemory()).isEqualTo(thousands(80, 1));
    }

    @Test
    void fetchedGoesBeforeWhatNobodyHasSeen() {
        OperationRecord first = ended(store, 40);
        OperationRecord second = ended(store, 40);
        second.fetched();
        OperationRecord third = ended(store, 40);
        assertThat(hasResult(first)).isTrue();
        assertThat(hasResult(second)).isFalse();
        assertThat(hasResult(third)).isTrue();
    }

    /** The end can be seen before the result is kept: the fast client comes while its size is still being told. */
    @Test
    void fetchedGoesFirstAlsoIfItWasFetchedAtTheMomentOfItsEnd() {
        AtomicReference<Runnable> whileWeighed = new AtomicReference<>(() -> {});
        InMemoryOperationStore weighing = new InMemoryOperationStore(
                RETENTION,
                clock,
                104_000,
                result -> {
                    whileWeighed.getAndSet(() -> {}).run();
                    return ((String) result).length();
                },
                OperationFailure::withoutCause);
        OperationRecord first = ended(weighing, 40);
        OperationRecord second =
                weighing.create(Operations.queued("report", OperationOwner.APPLICATION, MutableClock.START));
        second.publish();
        Operation now = second.current();
        second.compareAndSet(now, Operations.working(now));
        now = second.current();
        whileWeighed.set(second::fetched);
        second.compareAndSet(now, Operations.completed(now, "x".repeat(40_000)));
        ended(weighing, 40);
        assertThat(hasResult(first)).isTrue();
        assertThat(hasResult(second)).isFalse();
    }

    @Test
    void ofThoseFetchedTheOneThatEndedFirstGoesFirst() {
        OperationRecord first = ended(store, 30);
        OperationRecord second = ended(store, 30);
        OperationRecord third = ended(store, 30);
        second.fetched();
        first.fetched();
        ended(store, 30);
        assertThat(hasResult(first)).isFalse();
        assertThat(hasResult(second)).isTrue();
        assertThat(hasResult(third)).isTrue();
    }

    @Test
    void whatIsLeftSaysWhatHappened() {
        OperationRecord first = ended(store, 60);
        ended(store, 60);
        Operation left = store.find(first.current().requireId()).orElseThrow().current();
        assertThat(left.status()).isEqualTo(OperationStatus.COMPLETED);
        assertThat(left.result()).isNull();
        assertThat(left.resultDropped()).isTrue();
        first.fetched();
        assertThat(store.resultMemory().bytes()).isEqualTo(60_000);
    }

    @Test
    void resultThatFitsNowhereGoesItself() {
        OperationRecord small = ended(store, 10);
        OperationRecord huge = ended(store, 1000);
        assertThat(hasResult(huge)).isFalse();
        assertThat(hasResult(small)).isFalse();
        assertThat(store.resultMemory()).isEqualTo(thousands(0, 2));
    }

    @Test
    void expiryGivesTheRoomBack() {
        ended(store, 40).fetched();
        ended(store, 40);
        clock.advance(RETENTION.plusSeconds(1));
        assertThat(store.expire()).isEqualTo(2);
        assertThat(store.resultMemory()).isEqualTo(thousands(0, 0));
    }

    @Test
    void nothingGoesWithoutABound() {
        InMemoryOperationStore unbound = store(0);
        OperationRecord first = ended(unbound, 1000);
        ended(unbound, 1000);
        assertThat(hasResult(first)).isTrue();
        assertThat(unbound.resultMemory()).isEqualTo(thousands(2000, 0));
    }

    @Test
    void publishedAfterItsEndCountsOnce() {
        OperationRecord record =
                store.create(Operations.queued("report", OperationOwner.APPLICATION, MutableClock.START));
        record.compareAndSet(record.current(), Operations.working(record.current()));
        record.compareAndSet(record.current(), Operations.completed(record.current(), "x".repeat(30_000)));
        assertThat(store.resultMemory().bytes()).isZero();
        record.publish();
        record.publish();
        assertThat(store.resultMemory().bytes()).isEqualTo(30_000);
    }

    @Test
    void operationsWithoutAResultTakeUpMemoryTooAndTheOldestGo() {
        InMemoryOperationStore small = store(100);
        List<OperationRecord> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(cancelled(small, BOB));
        }

        assertThat(small.size()).isBetween(80L, 97L);
        assertThat(isFound(small, all.get(0))).isFalse();
        assertThat(isFound(small, all.get(199))).isTrue();
        assertThat(small.expire()).as("gone to make room").isEqualTo(200 - (int) small.size());
        clock.advance(RETENTION.plusSeconds(1));
        small.expire();
        assertThat(small.size()).isZero();
    }

    @Test
    void whatIsLeftOfDroppedResultsGoesBeforeResults() {
        InMemoryOperationStore small = store(100);
        OperationRecord last = ended(small, 2);
        for (int i = 0; i < 200; i++) {
            last = ended(small, 2);
        }

        assertThat(small.resultMemory().bytes()).as("results").isGreaterThan(40_000);
        assertThat(hasResult(last)).isTrue();
    }

    @Test
    void whoKeepsTheMostLosesFirst() {
        OperationRecord hers = ended(store, ANN, 20);
        List<OperationRecord> his = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            his.add(ended(store, BOB, 10));
        }

        assertThat(hasResult(hers)).isTrue();
        assertThat(hasResult(his.get(0))).isFalse();
        assertThat(hasResult(his.get(29))).isTrue();
    }

    @Test
    void manySmallOnesPushOutNobodyElse() {
        OperationRecord hers = ended(store, ANN, 20);
        for (int i = 0; i < 1_000; i++) {
            cancelled(store, BOB);
        }

        assertThat(hasResult(hers)).isTrue();
        assertThat(isFound(store, hers)).isTrue();
    }

    @Test
    void anonymousCallersWithoutASessionCountAsOne() {
        OperationRecord ofASession = ended(store, OperationOwner.session("session"), 20);
        for (int i = 0; i < 300; i++) {
            ended(store, OperationOwner.anonymous(), 1);
        }

        assertThat(hasResult(ofASession)).isTrue();
    }

    private OperationRecord cancelled(InMemoryOperationStore in, OperationOwner owner) {
        OperationRecord record = in.create(Operations.queued("report", owner, MutableClock.START));
        Operation queued = record.publish();
        assertThat(record.compareAndSet(queued, Operations.cancelled(queued))).isTrue();
        return record;
    }

    private static boolean isFound(InMemoryOperationStore in, OperationRecord record) {
        return in.find(record.current().requireId()).isPresent();
    }

    @RepeatedTest(20)
    void sumIsExactWhateverRaces() throws Exception {
        InMemoryOperationStore raced = store(500);
        int threads = 4;
        int each = 200;
        CyclicBarrier barrier = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Future<List<OperationRecord>>> ended = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) {
                ended.add(pool.submit(() -> {
                    barrier.await();
                    List<OperationRecord> mine = new ArrayList<>();
                    for (int n = 0; n < each; n++) {
                        mine.add(ended(raced, 10 + n % 7));
                        mine.get(n / 2).fetched();
                    }
                    return mine;
                }));
            }
            List<OperationRecord> all = new ArrayList<>();
            for (Future<List<OperationRecord>> records : ended) {
                all.addAll(records.get());
            }
            long kept = 0;
            for (OperationRecord record : all) {
                Object result = record.current().result();
                kept += result == null ? 0 : ((String) result).length();
                assertThat(record.current().resultDropped()).isEqualTo(result == null);
            }
            assertThat(kept).isEqualTo(raced.resultMemory().bytes()).isLessThanOrEqualTo(500_000);
        } finally {
            pool.shutdownNow();
        }
        clock.advance(RETENTION.plusSeconds(1));
        raced.expire();
        assertThat(raced.resultMemory().bytes()).isZero();
    }
}
