package io.asyncmcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.Operations;
import io.asyncmcp.Racers;
import io.asyncmcp.doubles.ManualExecutor;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.engine.OperationThreads.Kind;
import io.asyncmcp.store.InMemoryOperationStore;
import io.asyncmcp.store.OperationRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LocalOperationEngineTests {

    private final MutableClock clock = new MutableClock();

    private final InMemoryOperationStore store = new InMemoryOperationStore(Duration.ofMinutes(5), clock);

    /** One thread, so that the next task is on the thread that was interrupted. */
    private final LocalOperationEngine engine =
            new LocalOperationEngine(OperationThreads.newExecutor(Kind.PLATFORM, "test-", 1));

    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void interruptHitsTheBodyThatRuns() throws Exception {
        OperationRecord record = record();
        CountDownLatch running = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        engine.submit(record, () -> {
            running.countDown();
            try {
                interrupted.complete(new CountDownLatch(1).await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        });
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        engine.interrupt(record);

        assertThat(interrupted).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
    }

    @Test
    void interruptThatIsIgnoredDoesNotReachTheNextTask() throws Exception {
        OperationRecord record = record();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        engine.submit(record, () -> {
            running.countDown();
            while (interrupted.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        CompletableFuture<Boolean> next = new CompletableFuture<>();
        engine.submit(record(), () -> next.complete(Thread.currentThread().isInterrupted()));
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

        engine.interrupt(record);
        interrupted.countDown();

        assertThat(next).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
    }

    @Test
    void interruptIsClearedEvenIfTheThreadsDoNotSeeToIt() {
        ManualExecutor threads = new ManualExecutor();
        LocalOperationEngine onThisThread = new LocalOperationEngine(threads);
        OperationRecord record = record();
        onThisThread.submit(record, () -> onThisThread.interrupt(record));

        threads.runAll();

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void interruptAtTheVeryEndDoesNotReachTheNextTask() {
        AtomicInteger leaked = new AtomicInteger();
        try (Racers racers = new Racers(2)) {
            for (int round = 0; round < 3_000; round++) {
                OperationRecord record = record();
                CompletableFuture<Void> over = new CompletableFuture<>();
                racers.race(
                        () -> {
                            engine.submit(record, () -> {});
                            engine.submit(record(), () -> {
                                if (Thread.currentThread().isInterrupted()) {
                                    leaked.incrementAndGet();
                                }
                                over.complete(null);
                            });
                            return over.get(10, TimeUnit.SECONDS);
                        },
                        () -> {
                            while (!over.isDone()) {
                                engine.interrupt(record);
                            }
                            return null;
                        });
            }
        }

        assertThat(leaked).hasValue(0);
        assertThat(engine).extracting("runners").asInstanceOf(MAP).isEmpty();
    }

    @Test
    void interruptOfWhatDoesNotRunDoesNothing() {
        engine.interrupt(record());

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void everyWatcherIsToldEvenIfOneThrows() {
        OperationRecord record = record();
        engine.watch(record, () -> told.add("first"));
        engine.watch(record, () -> {
            throw new AssertionError("boom");
        });
        engine.watch(record, () -> told.add("third"));
        engine.watch(record(), () -> told.add("of another operation"));

        engine.changed(record);

        assertThat(told).containsExactly("first", "third");
    }

    @Test
    void closedWatchIsNotToldAndTheOthersAre() {
        OperationRecord record = record();
        Runnable same = () -> told.add("told");
        Watch first = engine.watch(record, same);
        engine.watch(record, same);

        first.close();
        first.close();
        engine.changed(record);

        assertThat(told).containsExactly("told");
    }

    @Test
    void watchersLeaveInAnyOrder() {
        OperationRecord record = record();
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String name = String.valueOf(i);
            watches.add(engine.watch(record, () -> told.add(name)));
        }

        for (int gone : new int[] {2, 3, 2, 0, 5, 3}) {
            watches.get(gone).close();
        }
        engine.watch(record, () -> told.add("6"));
        engine.changed(record);

        assertThat(told).containsExactly("1", "4", "6");
    }

    @Test
    @Timeout(60)
    void anyNumberOfWatchersMayLeaveInTheOrderInWhichTheyCame() {
        OperationRecord record = record();
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            watches.add(engine.watch(record, () -> {}));
        }

        watches.forEach(Watch::close);

        assertThat(engine).extracting("watchers").asInstanceOf(MAP).isEmpty();
    }

    @Test
    void watcherMayCloseItselfAndWatchAgain() {
        OperationRecord record = record();
        List<Watch> watches = new ArrayList<>();
        watches.add(engine.watch(record, () -> {
            watches.get(0).close();
            watches.add(engine.watch(record, () -> told.add("again")));
        }));

        engine.changed(record);
        engine.changed(record);

        assertThat(told).containsExactly("again");
    }

    @Test
    void watchersAreForgottenWithTheEnd() {
        OperationRecord record = record();
        engine.watch(record, () -> told.add(record.current().status().name()));
        end(record);

        engine.changed(record);
        engine.changed(record);
        engine.watch(record, () -> told.add("after the end"));
        engine.changed(record);

        assertThat(told).containsExactly("CANCELLED");
        assertThat(engine).extracting("watchers").asInstanceOf(MAP).isEmpty();
    }

    @Test
    void watcherIsToldOfTheEndOrSeesIt() {
        try (Racers racers = new Racers(3)) {
            for (int round = 0; round < 3_000; round++) {
                OperationRecord record = record();
                CompletableFuture<Void> seen = new CompletableFuture<>();
                Runnable look = () -> {
                    if (record.current().status().isTerminal()) {
                        seen.complete(null);
                    }
                };
                racers.<Object>race(
                        () -> {
                            Watch watch = engine.watch(record, look);
                            look.run();
                            return watch;
                        },
                        () -> {
                            end(record);
                            engine.changed(record);
                            return null;
                        },
                        () -> {
                            // News of an earlier change, which comes late.
                            engine.changed(record);
                            return null;
                        });

                assertThat(seen).isCompleted();
            }
        }
        assertThat(engine).extracting("watchers").asInstanceOf(MAP).isEmpty();
    }

    private OperationRecord record() {
        return store.create(Operations.queued("report", OperationOwner.APPLICATION, clock.instant()));
    }

    private static void end(OperationRecord record) {
        Operation now = record.current();
        record.compareAndSet(now, Operations.cancelled(now));
    }
}
