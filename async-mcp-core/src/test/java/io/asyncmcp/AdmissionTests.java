package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.OperationRejectedException.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AdmissionTests {

    private static final OperationOwner ANN = OperationOwner.principal("ann");

    private static final OperationOwner BOB = OperationOwner.principal("bob");

    @Test
    void overTheTotalACallIsRefusedWithATimeToComeBack() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 1, 0);
        Running running = fixture.running();
        String queued = fixture.submitted(OPTIONS);

        OperationRejectedException refusal = refusal(fixture, OPTIONS);

        assertThat(refusal.limit()).isEqualTo(Limit.TOTAL);
        assertThat(refusal.retryAfter()).isPositive();
        assertThat(refusal).hasMessage("busy: 1 operations run and 1 wait, the most there may be");
        assertThat(fixture.events.rejected).containsExactly(Limit.TOTAL);
        assertThat(fixture.events.started).hasSize(2);
        running.work().complete("done");
        fixture.operations.runAll();
        assertThat(fixture.status(queued)).isEqualTo(OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void lastPlacesAreForOwnersWhoHaveFew() {
        ExecutorFixture fixture = ExecutorFixture.limited(8, 10, 0);
        List<Running> running = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            running.add(fixture.running(OPTIONS.withOwner(ANN)));
        }
        String eighth = fixture.submitted(OPTIONS.withOwner(ANN));
        assertThat(fixture.executor.statistics().queued()).isOne();

        Running other = fixture.running(OPTIONS.withOwner(BOB));
        other.work().complete("done");
        fixture.operations.runAll();
        assertThat(fixture.executor.statistics().queued())
                .as("the place stays free")
                .isOne();

        running.get(0).work().complete("done");
        fixture.operations.runAll();
        assertThat(fixture.status(eighth)).isEqualTo(OperationStatus.COMPLETED);
        running.forEach(each -> each.work().complete("done"));
        fixture.operations.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void sessionsOfOneAddressShareWhatOneMayHave() {
        ExecutorFixture fixture = ExecutorFixture.limited(8, 10, 0);
        for (int i = 0; i < 7; i++) {
            fixture.running(OPTIONS.withOwner(OperationOwner.session("s" + i).from("address")));
        }
        fixture.submitted(OPTIONS.withOwner(OperationOwner.session("another").from("address")));

        assertThat(fixture.executor.statistics().queued()).isOne();
        assertThat(fixture.running(OPTIONS.withOwner(OperationOwner.session("elsewhere"))))
                .isNotNull();
    }

    @Test
    void withoutAQueueTheLimitIsWhatRuns() {
        ExecutorFixture fixture = ExecutorFixture.limited(2, 0, 0);
        Running first = fixture.running();
        fixture.running();

        assertThat(refusal(fixture, OPTIONS).limit()).isEqualTo(Limit.TOTAL);
        first.work().complete("done");

        assertThat(fixture.running()).isNotNull();
    }

    @Test
    void queueIsServedInTheOrderOfArrival() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 10, 0);
        List<Integer> order = new ArrayList<>();
        Running running = fixture.running();
        for (int i = 0; i < 5; i++) {
            int number = i;
            fixture.start(context -> order.add(number), AT_ONCE);
        }
        assertThat(fixture.executor.statistics().queued()).isEqualTo(5);
        assertThat(fixture.operations.size()).as("given to threads").isZero();

        running.work().complete("done");
        fixture.operations.runAll();

        assertThat(order).containsExactly(0, 1, 2, 3, 4);
        fixture.assertNothingLeaks();
    }

    @Test
    void ownerIsHeldToItsOwnLimitRunningAndQueued() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 10, 2);
        Running running = fixture.running(AT_ONCE.withOwner(ANN));
        String queued = fixture.submitted(OPTIONS.withOwner(ANN));

        assertThat(refusal(fixture, OPTIONS.withOwner(ANN)).limit()).isEqualTo(Limit.OWNER);
        String other = fixture.submitted(OPTIONS.withOwner(BOB));

        assertThat(fixture.executor.cancel(queued, ANN)).isTrue();
        fixture.submitted(OPTIONS.withOwner(ANN));
        running.work().complete("done");
        fixture.operations.runAll();
        assertThat(fixture.status(other)).isEqualTo(OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void oneOwnerCannotFillTheQueue() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 4, 0);
        Running running = fixture.running(AT_ONCE.withOwner(ANN));
        fixture.submitted(OPTIONS.withOwner(ANN));
        fixture.submitted(OPTIONS.withOwner(ANN));

        OperationRejectedException refusal = refusal(fixture, OPTIONS.withOwner(ANN));

        assertThat(refusal.limit()).isEqualTo(Limit.OWNER);
        assertThat(refusal).hasMessage("busy: 2 operations of this caller wait for their turn, the most one may have");
        String other = fixture.submitted(OPTIONS.withOwner(BOB));
        running.work().complete("done");
        fixture.operations.runAll();
        assertThat(fixture.status(other)).isEqualTo(OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void anonymousCallersWithoutASessionShareOnePart() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 4, 0);
        fixture.running();
        fixture.submitted(OPTIONS.withOwner(OperationOwner.anonymous()));
        fixture.submitted(OPTIONS.withOwner(OperationOwner.anonymous()));

        assertThat(refusal(fixture, OPTIONS.withOwner(OperationOwner.anonymous()))
                        .limit())
                .isEqualTo(Limit.OWNER);
        fixture.submitted(OPTIONS.withOwner(OperationOwner.session("session")));
    }

    @Test
    void applicationMayFillTheQueue() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 2, 0);
        fixture.running();
        fixture.submitted(OPTIONS);
        fixture.submitted(OPTIONS);

        assertThat(refusal(fixture, OPTIONS).limit()).isEqualTo(Limit.TOTAL);
    }

    @Test
    void whatIsUnderWayIsWeighed() {
        ExecutorFixture fixture = ExecutorFixture.configured(
                config -> config.withLimits(new ExecutorConfig.Limits(1, 100, 0).withMaxActiveBytes(1_000)));
        Running running = fixture.running(AT_ONCE.withOwner(ANN).withWeight(300));
        String queued = fixture.submitted(OPTIONS.withOwner(ANN).withWeight(200));

        OperationRejectedException ofHers =
                refusal(fixture, OPTIONS.withOwner(ANN).withWeight(1));
        assertThat(ofHers.limit()).isEqualTo(Limit.OWNER);
        assertThat(ofHers)
                .hasMessage("busy: with this call this caller would take up more than 500 bytes of memory,"
                        + " the most one may have");
        String other = fixture.submitted(OPTIONS.withOwner(BOB).withWeight(400));
        OperationRejectedException ofAll = refusal(fixture, OPTIONS.withWeight(101));
        assertThat(ofAll.limit()).isEqualTo(Limit.TOTAL);
        assertThat(ofAll)
                .hasMessage("busy: with this call the operations under way would take up more than 1000 bytes of"
                        + " memory, the most there may be");

        assertThat(fixture.executor.cancel(queued, ANN)).isTrue();
        fixture.submitted(OPTIONS.withOwner(ANN).withWeight(200));
        running.work().complete("done");
        fixture.operations.runAll();
        assertThat(fixture.status(other)).isEqualTo(OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void answersAreWeighedWithTheirOperationUntilItsBodyHasReturned() {
        ExecutorFixture fixture = ExecutorFixture.configured(
                config -> config.withLimits(new ExecutorConfig.Limits(10, 100, 0).withMaxActiveBytes(1_000_000)));
        ExecuteOptions hers = AT_ONCE.withOwner(ANN).withWeight(100_000);
        Running first = asking(fixture, hers);
        Running second = asking(fixture, hers);
        assertThat(answer(fixture, first, 290_000)).isTrue();
        fixture.callbacks.runAll();

        OperationRejectedException refusal =
                catchThrowableOfType(OperationRejectedException.class, () -> answer(fixture, second, 20_000));

        assertThat(refusal.limit()).isEqualTo(Limit.OWNER);
        assertThat(refusal)
                .hasMessage("busy: with this answer this caller would take up more than 500000 bytes of memory,"
                        + " the most one may have");
        assertThat(refusal.retryAfter()).isPositive();
        assertThat(fixture.status(second.id())).isEqualTo(OperationStatus.INPUT_REQUIRED);
        assertThat(answer(fixture, second, 10_000)).isTrue();
        assertThat(answer(fixture, second, 300_000)).as("a second answer").isFalse();
        fixture.callbacks.runAll();

        first.work().complete("done");
        Running third = asking(fixture, hers);
        assertThat(answer(fixture, third, 290_000)).isTrue();
        assertThat(answer(fixture, third, 0)).isFalse();
        fixture.executor.cancel(second.id(), null);
        second.work().complete("done");
        third.work().complete("done");
        fixture.callbacks.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void answersOfALongDialogueAreWeighedOneAtATime() {
        ExecutorFixture fixture = ExecutorFixture.configured(
                config -> config.withLimits(new ExecutorConfig.Limits(10, 100, 0).withMaxActiveBytes(1_000_000)));
        Running running = fixture.running(AT_ONCE.withOwner(ANN));
        for (int i = 0; i < 20; i++) {
            running.context().requestInput("question" + i, "ask", null);
            assertThat(fixture.executor.answerInput(
                            running.id(),
                            null,
                            "question" + i,
                            InputResponse.of("yes").withWeight(400_000)))
                    .isTrue();
            fixture.callbacks.runAll();
        }
        running.work().complete("done");
        fixture.assertNothingLeaks();
    }

    /** Whoever shares the part of a caller that has used it up can still say yes or no. */
    @Test
    void smallAnswersAreAlwaysTaken() {
        ExecutorFixture fixture = ExecutorFixture.configured(
                config -> config.withLimits(new ExecutorConfig.Limits(10, 100, 0).withMaxActiveBytes(1_000)));
        Running running = asking(fixture, AT_ONCE.withOwner(ANN).withWeight(500));

        assertThat(answer(fixture, running, 10_000)).isTrue();
        fixture.callbacks.runAll();
        running.work().complete("done");
        fixture.assertNothingLeaks();
    }

    private static Running asking(ExecutorFixture fixture, ExecuteOptions options) {
        Running running = fixture.running(options);
        running.context().requestInput("question", "ask", null);
        return running;
    }

    private static boolean answer(ExecutorFixture fixture, Running running, long weight) {
        return fixture.executor.answerInput(
                running.id(), null, "question", InputResponse.of("yes").withWeight(weight));
    }

    @Test
    void typeIsHeldToItsOwnLimitWhoeverAsks() {
        ExecutorFixture fixture = new ExecutorFixture();
        Running running = fixture.running(AT_ONCE.withMaxActive(1).withOwner(ANN));

        OperationRejectedException refusal =
                refusal(fixture, OPTIONS.withMaxActive(1).withOwner(BOB));

        assertThat(refusal.limit()).isEqualTo(Limit.TYPE);
        assertThat(refusal).hasMessageContaining("report").hasMessageContaining("1");
        fixture.submitted(ExecuteOptions.ofType("other").withMaxActive(1));
        running.work().complete("done");
        fixture.submitted(OPTIONS.withMaxActive(1));
        fixture.operations.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void oneOwnerLeavesAPartOfATypeToOthers() {
        ExecutorFixture fixture = new ExecutorFixture();
        ExecuteOptions four = AT_ONCE.withMaxActive(4);
        Running first = fixture.running(four.withOwner(ANN));
        Running second = fixture.running(four.withOwner(ANN));

        OperationRejectedException refusal = refusal(fixture, four.withOwner(ANN));
        assertThat(refusal.limit()).isEqualTo(Limit.OWNER);
        assertThat(refusal)
                .hasMessage("busy: 2 operations of type report of this caller are under way, the most one may have");
        Running other = fixture.running(four.withOwner(BOB));
        Running ofAll = fixture.running(four);
        assertThat(refusal(fixture, four.withOwner(BOB)).limit()).isEqualTo(Limit.TYPE);

        first.work().complete("done");
        fixture.operations.runAll();
        Running again = fixture.running(four.withOwner(ANN));
        for (Running each : List.of(second, other, ofAll, again)) {
            each.work().complete("done");
        }
        fixture.operations.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void bodyThatIgnoresItsCancellationKeepsItsPlaceAndIsShown() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 1, 0);
        CompletableFuture<Object> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        Operation handle = fixture.run(context -> stubborn);
        String queued = fixture.submitted(OPTIONS);

        fixture.executor.cancel(handle.requireId(), null);
        fixture.operations.runAll();

        assertThat(fixture.status(queued)).isEqualTo(OperationStatus.QUEUED);
        assertThat(fixture.executor.statistics()).isEqualTo(new ExecutorStatistics(1, 0, 0, 1, 0, 2));
        assertThat(refusal(fixture, OPTIONS).limit()).isEqualTo(Limit.TOTAL);
        stubborn.complete("at last");
        fixture.operations.runAll();
        assertThat(fixture.status(queued)).isEqualTo(OperationStatus.COMPLETED);
        fixture.assertNothingLeaks();
    }

    @Test
    void placeIsGivenBackOnceHoweverOftenTheOperationEnds() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 10, 0);
        Running running = fixture.running();
        String first = fixture.submitted(OPTIONS);
        String second = fixture.submitted(OPTIONS);

        fixture.executor.cancel(running.id(), null);
        running.work().complete("late");
        fixture.advance(Duration.ofMinutes(10));

        assertThat(fixture.operations.size()).as("one place, one turn").isOne();
        fixture.operations.runNext();
        assertThat(fixture.status(first)).isEqualTo(OperationStatus.COMPLETED);
        assertThat(fixture.status(second)).isEqualTo(OperationStatus.QUEUED);
        fixture.operations.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void placeIsGivenBackOnceEvenIfTheEngineFailsAfterTheBodyRan() {
        try (ExecutorFixture failing = new ExecutorFixture(builder -> builder.engine(new FailingEngine()))) {
            CompletableFuture<Operation> call = failing.start(context -> "done");

            assertThat(call).isCompletedWithValueMatching(end -> "done".equals(end.result()));
            failing.assertNothingLeaks();
        }
    }

    @Test
    void placeIsFreeBeforeAnybodyHearsOfTheEnd() {
        ExecutorFixture fixture = ExecutorFixture.limited(1, 0, 0);
        CompletableFuture<Operation> call = fixture.start(context -> "done");
        CompletableFuture<Operation> next = call.thenCompose(end -> fixture.start(context -> "next"));

        fixture.operations.runAll();

        assertThat(next).isCompletedWithValueMatching(end -> "next".equals(end.result()));
    }

    @Test
    void turnThatComesWhileTheStartIsBeingToldWaitsForIt() {
        AtomicReference<Runnable> whileStarting = new AtomicReference<>(() -> {});
        OperationListener slow = new OperationListener() {
            @Override
            public void started(Operation operation) {
                whileStarting.get().run();
            }
        };
        try (ExecutorFixture fixture = new ExecutorFixture(builder -> builder.listener(slow)
                .config(ExecutorConfig.DEFAULTS.withLimits(new ExecutorConfig.Limits(1, 1, 0))))) {
            Running running = fixture.running();
            whileStarting.set(() -> {
                running.work().complete("done");
                fixture.operations.runAll();
                fixture.events.names.add("turn came");
            });
            fixture.events.names.clear();

            CompletableFuture<Operation> queued = fixture.start(context -> "queued");
            fixture.operations.runAll();

            assertThat(queued).isCompletedWithValueMatching(end -> "queued".equals(end.result()));
            assertThat(fixture.events.names).containsExactly("started", "ended", "turn came", "ended");
            fixture.assertNothingLeaks();
        }
    }

    private static OperationRejectedException refusal(ExecutorFixture fixture, ExecuteOptions options) {
        return catchThrowableOfType(OperationRejectedException.class, () -> fixture.start(context -> "never", options));
    }
}
