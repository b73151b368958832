package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.OperationFailure.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever loses a race for an operation's end changes nothing, and nobody is left waiting. */
class OperationRacesTests {

    private static final int ROUNDS = 2_000;

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private final Racers two = new Racers(2);

    private final Racers four = new Racers(4);

    /** What watchers saw of the present round's operation. */
    private final ConcurrentLinkedQueue<Operation> seen = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        two.close();
        four.close();
    }

    @Test
    void finishAndCancel() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);

            boolean cancelled = two.<Boolean>race(
                            () -> fixture.executor.cancel(running.id(), null),
                            () -> running.work().complete("done"))
                    .get(0);

            Operation end = onlyEnd(fixture, running);
            assertThat(end.status()).isEqualTo(cancelled ? OperationStatus.CANCELLED : OperationStatus.COMPLETED);
            assertThat(end.result()).isEqualTo(cancelled ? null : "done");
        });
    }

    @Test
    void twoAnswersAndTheEnd() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);
            CompletableFuture<Object> stage =
                    running.context().requestInput("question", "ask", null).toCompletableFuture();

            List<Object> results = four.<Object>race(
                    () -> fixture.executor.answerInput(running.id(), null, "question", heavy("a")),
                    () -> fixture.executor.answerInput(running.id(), null, "question", heavy("b")),
                    () -> running.work().complete("done"),
                    () -> null);

            fixture.callbacks.runAll();
            assertThat(results.subList(0, 2).stream().filter(Boolean.TRUE::equals))
                    .hasSizeLessThan(2);
            assertThat(stage).isDone();
            // What was weighed is given back, whoever won.
            onlyEnd(fixture, running);
        });
    }

    private static InputResponse heavy(String value) {
        return InputResponse.of(value).withWeight(1_000);
    }

    @Test
    void finishAndLifetime() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);

            two.<Object>race(() -> running.work().complete("done"), () -> {
                fixture.timer.advance(LIFETIME);
                return null;
            });

            Operation end = onlyEnd(fixture, running);
            if (end.failure() == null) {
                assertThat(end.result()).isEqualTo("done");
            } else {
                assertThat(end.failure().reason()).isEqualTo(Reason.LIFETIME_EXCEEDED);
                assertThat(end.result()).isNull();
            }
        });
    }

    @Test
    void everyEndAtOnce() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);

            List<Object> results = four.<Object>race(
                    () -> running.work().complete("done"),
                    () -> fixture.executor.cancel(running.id(), null),
                    () -> fixture.executor.cancel(running.id(), null),
                    () -> {
                        fixture.timer.advance(LIFETIME);
                        return null;
                    });

            Operation end = onlyEnd(fixture, running);
            assertThat(results.subList(1, 3).stream().filter(Boolean.TRUE::equals))
                    .hasSize(end.status() == OperationStatus.CANCELLED ? 1 : 0);
        });
    }

    @Test
    void finishAndPromotion() {
        rounds(ExecutorFixture::new, fixture -> {
            CompletableFuture<Object> work = new CompletableFuture<>();
            CompletableFuture<Operation> call = fixture.start(context -> work);

            two.<Object>race(() -> work.complete("done"), () -> {
                fixture.timer.advance(Duration.ofSeconds(15));
                return null;
            });

            assertThat(call).as("the caller has its answer").isCompleted();
            Operation answer = call.join();
            if (answer.status().isTerminal()) {
                assertThat(answer.result()).isEqualTo("done");
            } else {
                assertThat(fixture.state(answer.requireId()).result())
                        .as("the handle leads to the result")
                        .isEqualTo("done");
            }
            assertThat(fixture.events.ended).hasSize(1);
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void cancelAndPromotion() {
        rounds(ExecutorFixture::new, fixture -> {
            CompletableFuture<Object> work = new CompletableFuture<>();
            CompletableFuture<Operation> call = fixture.start(context -> work);

            two.<Object>race(() -> fixture.executor.shutdown(Duration.ZERO), () -> {
                fixture.timer.advance(Duration.ofSeconds(15));
                return null;
            });

            Operation answer = call.join();
            assertThat(answer.status().isTerminal() ? answer : fixture.state(answer.requireId()))
                    .extracting(Operation::status)
                    .isEqualTo(OperationStatus.CANCELLED);
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void cancelAndAnswer() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);
            CompletableFuture<Object> answer =
                    running.context().requestInput("ask", null).toCompletableFuture();

            List<Boolean> results = two.race(
                    () -> fixture.executor.cancel(running.id(), null),
                    () -> fixture.executor.answerInput(running.id(), null, "ask#1", InputResponse.of("yes")));

            assertThat(results.get(0)).isTrue();
            assertThat(onlyEnd(fixture, running).status()).isEqualTo(OperationStatus.CANCELLED);
            assertThat(answer).isDone();
            if (!answer.isCompletedExceptionally()) {
                assertThat(results.get(1))
                        .as("an answer the body saw was taken")
                        .isTrue();
            }
            assertThat(fixture.state(running.id()).inputs())
                    .as("what goes with the end")
                    .isEmpty();
        });
    }

    @Test
    void claimsAndAnswers() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);
            running.context().requestInput("ask", null);
            Callable<Boolean> claim = () -> fixture.executor.claimInput(running.id(), null, "ask#1");
            Callable<Boolean> answer =
                    () -> fixture.executor.answerInput(running.id(), null, "ask#1", InputResponse.of("yes"));

            assertThat(two.<Boolean>race(claim, claim)).containsOnlyOnce(true);
            assertThat(two.<Boolean>race(answer, answer)).containsOnlyOnce(true);
            running.work().complete("done");
        });
    }

    @Test
    void questionAndEnd() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);

            CompletableFuture<?> answer = (CompletableFuture<?>) two.<Object>race(
                            () -> running.context().requestInput("ask", null).toCompletableFuture(),
                            () -> fixture.executor.cancel(running.id(), null))
                    .get(0);

            assertThat(onlyEnd(fixture, running).status()).isEqualTo(OperationStatus.CANCELLED);
            assertThat(answer).isCompletedExceptionally();
        });
    }

    @Test
    void cancelAndClose() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = fixture.running();
            CompletableFuture<Operation> waiter = fixture.await(running.id(), Duration.ofSeconds(30));

            two.<Object>race(
                    () -> {
                        try {
                            return fixture.executor.cancel(running.id(), null);
                        } catch (OperationNotFoundException e) {
                            return "closed";
                        }
                    },
                    () -> {
                        fixture.executor.close();
                        return null;
                    });

            assertThat(waiter).isCompletedWithValueMatching(end -> end.status() == OperationStatus.CANCELLED);
            assertThat(fixture.events.ended).hasSize(1);
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void startAndClose() {
        rounds(() -> ExecutorFixture.limited(1, 1, 0), fixture -> {
            Callable<CompletableFuture<Operation>> start = () -> {
                try {
                    return fixture.start(context -> new CompletableFuture<>());
                } catch (OperationRejectedException e) {
                    return CompletableFuture.completedFuture(null);
                }
            };

            List<CompletableFuture<Operation>> calls = four.race(start, start, start, () -> {
                fixture.executor.close();
                return CompletableFuture.completedFuture(null);
            });

            assertThat(calls)
                    .allSatisfy(call -> assertThat(call)
                            .isCompletedWithValueMatching(
                                    end -> end == null || end.status() == OperationStatus.CANCELLED));
            assertThat(fixture.events.ended).hasSameSizeAs(fixture.events.started);
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void cancelOfAQueuedOperationAndItsTurn() {
        rounds(() -> ExecutorFixture.limited(1, 1, 0), fixture -> {
            Running running = fixture.running();
            AtomicInteger ran = new AtomicInteger();
            String queued = fixture.start(context -> ran.incrementAndGet(), AT_ONCE)
                    .join()
                    .requireId();

            boolean cancelled = two.race(
                            () -> fixture.executor.cancel(queued, null),
                            () -> running.work().complete("done"))
                    .get(0);

            assertThat(fixture.status(queued))
                    .isEqualTo(cancelled ? OperationStatus.CANCELLED : OperationStatus.COMPLETED);
            if (!cancelled) {
                assertThat(ran).hasValue(1);
            }
            assertThat(fixture.events.ended).hasSize(2);
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void queueingAndThePlaceThatComesFree() {
        rounds(() -> ExecutorFixture.limited(1, 1, 0), fixture -> {
            Running running = fixture.running();

            two.<Object>race(
                    () -> fixture.start(context -> "next"), () -> running.work().complete("done"));

            assertThat(fixture.events.names.stream()
                            .filter(name -> !name.equals("promoted"))
                            .filter("started"::equals))
                    .hasSize(2);
            assertThat(fixture.events.ended).hasSize(2);
            assertThat(fixture.events.names.lastIndexOf("started"))
                    .as("nothing ends before its start is told")
                    .isLessThan(fixture.events.names.lastIndexOf("ended"));
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void joinAndFinish() {
        ExecuteOptions shared = OPTIONS.withSingleFlightKey("key");
        rounds(ExecutorFixture::new, fixture -> {
            Running leader = fixture.running(shared);
            AtomicInteger ran = new AtomicInteger();
            Callable<Object> join = () -> fixture.start(context -> "run " + ran.incrementAndGet(), shared)
                    .get(10, TimeUnit.SECONDS)
                    .result();

            List<Object> results =
                    four.race(join, join, join, () -> leader.work().complete("led"));

            assertThat(results.subList(0, 3))
                    .allMatch(
                            result -> result.equals("led") || result.toString().startsWith("run "));
            assertThat(fixture.events.ended).hasSameSizeAs(fixture.events.started);
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void equalCallsStartOneBody() {
        ExecuteOptions shared = OPTIONS.withSingleFlightKey("key");
        rounds(ExecutorFixture::new, fixture -> {
            AtomicInteger ran = new AtomicInteger();
            CompletableFuture<Object> work = new CompletableFuture<>();
            Callable<CompletableFuture<Operation>> call = () -> fixture.start(
                    context -> {
                        ran.incrementAndGet();
                        return work;
                    },
                    shared);

            List<CompletableFuture<Operation>> calls = four.race(call, call, call, call);
            work.complete("shared");

            assertThat(ran).hasValue(1);
            assertThat(calls)
                    .allSatisfy(each ->
                            assertThat(each).isCompletedWithValueMatching(end -> "shared".equals(end.result())));
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void waitersAndFinish() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);
            Callable<Object> wait = () -> fixture.await(running.id(), Duration.ofSeconds(30));

            List<Object> waiters =
                    four.race(wait, wait, wait, () -> running.work().complete("done"));

            assertThat(waiters.subList(0, 3))
                    .allSatisfy(
                            waiter -> assertThat((CompletableFuture<?>) waiter).isCompleted());
            onlyEnd(fixture, running);
        });
    }

    @Test
    void waitersTimeAndDeparture() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = fixture.running();
            CompletableFuture<Operation> waiter = fixture.await(running.id(), Duration.ofSeconds(10));

            four.<Object>race(
                    () -> waiter.cancel(true),
                    () -> running.work().complete("done"),
                    () -> fixture.await(running.id(), Duration.ofSeconds(10)),
                    () -> {
                        fixture.timer.advance(Duration.ofSeconds(10));
                        return null;
                    });

            assertThat(waiter).isDone();
            fixture.assertNothingLeaks();
        });
    }

    @Test
    void callbackIsRegisteredAndTheOperationCancelled() {
        rounds(ExecutorFixture::new, fixture -> {
            Running running = watched(fixture);
            AtomicInteger called = new AtomicInteger();

            two.<Object>race(
                    () -> {
                        running.context().onCancel(called::incrementAndGet);
                        return null;
                    },
                    () -> fixture.executor.cancel(running.id(), null));

            assertThat(called).hasValue(1);
        });
    }

    @Test
    void bodyOnAThreadAndItsInterrupt() throws Exception {
        RecordingListener events = new RecordingListener();
        AtomicInteger interruptedBefore = new AtomicInteger();
        int rounds = 500;
        try (AsyncExecutor executor = AsyncExecutor.builder().listener(events).build()) {
            for (int round = 0; round < rounds; round++) {
                CountDownLatch running = new CountDownLatch(1);
                CountDownLatch go = new CountDownLatch(1);
                String id = executor.execute(
                                context -> {
                                    if (Thread.currentThread().isInterrupted()) {
                                        interruptedBefore.incrementAndGet();
                                    }
                                    running.countDown();
                                    go.await();
                                    return "done";
                                },
                                AT_ONCE)
                        .requireId();
                assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

                boolean cancelled = two.<Boolean>race(() -> executor.cancel(id, null), () -> {
                            go.countDown();
                            return true;
                        })
                        .get(0);

                Operation end = executor.continueOperation(id, null, Duration.ofSeconds(10));
                assertThat(end.status()).isEqualTo(cancelled ? OperationStatus.CANCELLED : OperationStatus.COMPLETED);
            }
            assertThat(executor.shutdown(Duration.ofSeconds(20)).toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(0);
            assertThat(executor.statistics().abandoned()).isZero();
        }
        assertThat(events.ended).hasSize(rounds);
        assertThat(interruptedBefore).as("interrupts meant for an earlier body").hasValue(0);
    }

    @Test
    void neverMoreBodiesThanPlaces() {
        int places = 2;
        AtomicInteger active = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        RecordingListener events = new RecordingListener();
        ExecutorConfig config = ExecutorConfig.DEFAULTS.withLimits(new Limits(places, 3, 0));
        try (AsyncExecutor executor =
                AsyncExecutor.builder().config(config).listener(events).build()) {
            OperationBody body = context -> {
                most.accumulateAndGet(active.incrementAndGet(), Math::max);
                Thread.yield();
                ran.incrementAndGet();
                active.decrementAndGet();
                return null;
            };
            Callable<List<CompletableFuture<Operation>>> callers = () -> {
                List<CompletableFuture<Operation>> calls = new ArrayList<>();
                for (int i = 0; i < ROUNDS; i++) {
                    try {
                        calls.add(executor.executeAsync(body, OPTIONS).toCompletableFuture());
                        if (calls.size() % 7 == 0) {
                            calls.get(calls.size() - 1).get(10, TimeUnit.SECONDS);
                        }
                    } catch (OperationRejectedException e) {
                        refused.incrementAndGet();
                        Thread.yield();
                    }
                }
                return calls;
            };

            List<List<CompletableFuture<Operation>>> calls = four.race(callers, callers, callers, callers);

            List<CompletableFuture<Operation>> admitted =
                    calls.stream().flatMap(List::stream).toList();
            assertThat(admitted)
                    .allSatisfy(call -> assertThat(call)
                            .succeedsWithin(Duration.ofSeconds(10))
                            .extracting(Operation::status)
                            .isEqualTo(OperationStatus.COMPLETED));
            assertThat(admitted.size() + refused.get()).isEqualTo(4 * ROUNDS);
            assertThat(ran).hasValue(admitted.size());
            assertThat(most.get()).isBetween(1, places);
            assertThat(executor.shutdown(Duration.ofSeconds(20)).toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(0);
            assertThat(executor).extracting("admission.running").isEqualTo(0);
            assertThat(events.ended).hasSize(admitted.size());
        }
    }

    /** Every round has an executor of its own, whose bodies and callbacks run on the racing threads themselves. */
    private void rounds(Callable<ExecutorFixture> fixtures, Consumer<ExecutorFixture> round) {
        for (int i = 0; i < ROUNDS; i++) {
            seen.clear();
            try (ExecutorFixture fixture = fixtures.call()) {
                fixture.operations.direct();
                fixture.callbacks.direct();
                round.accept(fixture);
            } catch (Exception e) {
                throw new AssertionError("round " + i, e);
            }
        }
    }

    private Running watched(ExecutorFixture fixture) {
        Running running = fixture.running();
        fixture.executor.watch(running.id(), null, seen::add);
        return running;
    }

    /** The state the operation ended in, which nobody has seen or will see change. */
    private Operation onlyEnd(ExecutorFixture fixture, Running running) {
        assertThat(fixture.events.ended).hasSize(1);
        Operation end = fixture.events.ended.get(0);
        assertThat(fixture.state(running.id())).isEqualTo(end);

        fixture.executor.cancel(running.id(), null);
        running.work().complete("too late");
        running.context().progress(99, null, "too late");
        fixture.timer.advance(LIFETIME);

        assertThat(fixture.state(running.id())).isEqualTo(end);
        assertThat(seen)
                .filteredOn(operation -> operation.status().isTerminal())
                .containsOnly(end);
        assertThat(fixture.events.ended).hasSize(1);
        fixture.assertNothingLeaks();
        return end;
    }
}
