package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncmcp.ExecutorFixture.Running;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SingleFlightTests {

    private static final ExecuteOptions SHARED = OPTIONS.withSingleFlightKey("key");

    private final ExecutorFixture fixture = new ExecutorFixture();

    @Test
    void equalCallJoinsWhatRuns() {
        Running leader = fixture.running(SHARED);
        CompletableFuture<Operation> joiner = fixture.start(context -> "never", SHARED);

        leader.work().complete("shared");

        assertThat(joiner).isCompletedWithValueMatching(end -> "shared".equals(end.result()));
        assertThat(fixture.events.names).containsExactly("started", "promoted", "joined", "ended");
        fixture.assertNothingLeaks();
    }

    @Test
    void joinerWhoseTimeIsUpGetsTheSameHandle() {
        Running leader = fixture.running(SHARED);

        Operation handle = fixture.start(context -> "never", SHARED.withTimeout(Duration.ZERO))
                .join();

        assertThat(handle.id()).isEqualTo(leader.id());
    }

    @Test
    void otherKeysOwnersAndTypesDoNotJoin() {
        fixture.running(SHARED);

        fixture.running(OPTIONS.withSingleFlightKey("other"));
        fixture.running(SHARED.withOwner(OperationOwner.principal("ann")));
        fixture.running(ExecuteOptions.ofType("other").withSingleFlightKey("key"));
        fixture.running(AT_ONCE);

        assertThat(fixture.executor.statistics().working()).isEqualTo(5);
        assertThat(fixture.events.names).doesNotContain("joined");
    }

    @Test
    void joinersDepartureDoesNotStopTheLeader() {
        Running leader = fixture.running(SHARED);
        CompletableFuture<Operation> joiner = fixture.start(context -> "never", SHARED);

        joiner.cancel(true);

        assertThat(fixture.status(leader.id())).isEqualTo(OperationStatus.WORKING);
        assertThat(fixture.executor.statistics().waiting()).isZero();
        leader.work().complete("done");
        fixture.assertNothingLeaks();
    }

    @Test
    void leadersDepartureDoesNotStopTheJoiner() {
        CompletableFuture<Object> work = new CompletableFuture<>();
        CompletableFuture<Operation> leader = fixture.start(context -> work, SHARED);
        CompletableFuture<Operation> joiner = fixture.start(context -> "never", SHARED);
        fixture.operations.runAll();

        leader.cancel(true);
        work.complete("done");

        assertThat(joiner).isCompletedWithValueMatching(end -> "done".equals(end.result()));
    }

    @Test
    void endedLeaderIsNotJoined() {
        Running completed = fixture.running(SHARED);
        completed.work().complete("done");
        Running cancelled = fixture.running(SHARED);
        fixture.executor.cancel(cancelled.id(), null);

        Running third = fixture.running(SHARED);

        assertThat(third.id()).isNotIn(completed.id(), cancelled.id());
        assertThat(fixture.events.names).doesNotContain("joined");
    }

    @Test
    void leaderThatIsJustBeingCancelledIsNotJoined() {
        Running leader = fixture.running(SHARED);
        AtomicReference<CompletableFuture<Operation>> next = new AtomicReference<>();
        leader.work().whenComplete((value, error) -> next.set(fixture.start(context -> "own", SHARED)));
        // The stage is cancelled before the cancellation is over.
        fixture.callbacks.direct();

        fixture.executor.cancel(leader.id(), null);
        fixture.operations.runAll();

        assertThat(next.get()).isCompletedWithValueMatching(end -> "own".equals(end.result()));
        fixture.assertNothingLeaks();
    }

    @Test
    void cancelledLeaderWhoseBodyGoesOnIsNotJoined() {
        CompletableFuture<Object> stubborn = new CompletableFuture<>() {
            @Override
            public boolean cancel(boolean mayInterruptIfRunning) {
                return false;
            }
        };
        Operation leader = fixture.start(context -> stubborn, SHARED.withTimeout(Duration.ZERO))
                .join();
        fixture.operations.runAll();
        fixture.executor.cancel(leader.requireId(), null);

        Running next = fixture.running(SHARED);
        stubborn.complete("late");

        assertThat(fixture.start(context -> "never", SHARED.withTimeout(Duration.ZERO))
                        .join()
                        .id())
                .as("the old leader's return does not take the new one's place")
                .isEqualTo(next.id());
    }

    @Test
    void refusedCallLeavesNoFlight() {
        try (ExecutorFixture narrow = ExecutorFixture.limited(1, 0, 0)) {
            Running running = narrow.running();
            assertThatExceptionOfType(OperationRejectedException.class)
                    .isThrownBy(() -> narrow.start(context -> "never", SHARED));
            running.work().complete("done");

            CompletableFuture<Operation> call = narrow.start(context -> "mine", SHARED);
            narrow.operations.runAll();

            assertThat(call).isCompletedWithValueMatching(end -> "mine".equals(end.result()));
            narrow.assertNothingLeaks();
        }
    }

    @Test
    void joiningTakesNoPlace() {
        try (ExecutorFixture narrow = ExecutorFixture.limited(1, 0, 0)) {
            Running leader = narrow.running(SHARED);

            CompletableFuture<Operation> joiner = narrow.start(context -> "never", SHARED);
            leader.work().complete("done");

            assertThat(joiner).isCompleted();
        }
    }

    @Test
    void flightIsForgottenEvenIfItsKeyIsChangedMeanwhile() {
        Map<String, Object> arguments = new HashMap<>(Map.of("query", "a"));
        Running running = fixture.running(OPTIONS.withSingleFlightKey(arguments));

        arguments.put("query", "b");
        running.work().complete("done");

        fixture.assertNothingLeaks();
    }

    @Test
    void listenerThatHearsOfAJoinHoldsNoLock() {
        AtomicReference<Object> lock = new AtomicReference<>();
        AtomicBoolean held = new AtomicBoolean();
        OperationListener listener = new OperationListener() {
            @Override
            public void joined(Operation operation) {
                held.set(Thread.holdsLock(lock.get()));
            }
        };
        List<CompletableFuture<Operation>> first = new ArrayList<>();
        AtomicReference<ExecutorFixture> joined = new AtomicReference<>();
        // Starts an equal call while the outer one is past its first look for a leader.
        OperationInterceptor overtaking = (body, options) -> {
            if (first.isEmpty()) {
                first.add(null);
                first.set(0, joined.get().start(context -> "leader", options));
            }
            return body;
        };
        try (ExecutorFixture racing =
                new ExecutorFixture(builder -> builder.listener(listener).interceptor(overtaking))) {
            joined.set(racing);
            assertThat(racing.executor).extracting("flights").satisfies(lock::set);

            CompletableFuture<Operation> second = racing.start(context -> "never", SHARED);
            racing.operations.runAll();

            assertThat(second).isCompletedWithValueMatching(end -> "leader".equals(end.result()));
            assertThat(racing.events.names).contains("joined");
            assertThat(held).isFalse();
            racing.assertNothingLeaks();
        }
    }
}
