package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.asyncmcp.ExecutorFixture.Running;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LookUpTests {

    private static final OperationOwner ANN = OperationOwner.principal("ann");

    private static final OperationOwner BOB = OperationOwner.principal("bob");

    private final ExecutorFixture fixture = new ExecutorFixture();

    private final AsyncExecutor executor = fixture.executor;

    /** Every verb, so that none tells more about an id than the others. */
    private Map<String, BiConsumer<String, OperationOwner>> verbs() {
        return Map.of(
                "find", executor::find,
                "continue", (id, owner) -> interruptibly(() -> executor.continueOperation(id, owner, Duration.ZERO)),
                "cancel", executor::cancel,
                "watch", (id, owner) -> executor.watch(id, owner, now -> {}),
                "watchAsync", (id, owner) -> raw(executor.watchAsync(id, owner, now -> {})),
                "claim", (id, owner) -> executor.claimInput(id, owner, "ask#1"),
                "answer", (id, owner) -> executor.answerInput(id, owner, "ask#1", InputResponse.of(1)),
                "findAsync", (id, owner) -> raw(executor.findAsync(id, owner)),
                "continueAsync", (id, owner) -> raw(executor.continueOperationAsync(id, owner, Duration.ZERO)),
                "cancelAsync", (id, owner) -> raw(executor.cancelAsync(id, owner)));
    }

    @TestFactory
    Stream<DynamicTest> everyVerbAnswersUnknownMalformedForeignAndExpiredIdsAlike() {
        String foreign = fixture.running(AT_ONCE.withOwner(ANN)).id();
        String expired = fixture.run(context -> "done").requireId();
        fixture.clock.advance(Duration.ofMinutes(6));
        return verbs().entrySet().stream()
                .map(verb -> dynamicTest(verb.getKey(), () -> {
                    for (String id :
                            new String[] {OperationIds.next(), "", "no id", "'; drop table", foreign, expired}) {
                        Throwable thrown = catchThrowable(() -> verb.getValue().accept(id, BOB));

                        assertThat(thrown)
                                .isExactlyInstanceOf(OperationNotFoundException.class)
                                .hasNoCause()
                                .hasMessage(
                                        "no operation is known under this id: it may be mistyped, or its result may have expired");
                    }
                }));
    }

    @Test
    void foreignVerbsChangeNothing() {
        Running running = fixture.running(AT_ONCE.withOwner(ANN));
        running.context().requestInput("ask", null);
        Operation before = fixture.state(running.id());

        verbs().values().forEach(verb -> catchThrowable(() -> verb.accept(running.id(), BOB)));

        assertThat(fixture.state(running.id())).isEqualTo(before);
        assertThat(executor.find(running.id(), ANN)).isEqualTo(before);
    }

    @Test
    void applicationReachesEverything() {
        Running running = fixture.running(AT_ONCE.withOwner(ANN));

        assertThat(executor.cancel(running.id(), null)).isTrue();
    }

    @Test
    void listIsNewestFirstAndFiltered() {
        String first = fixture.running(AT_ONCE.withOwner(ANN)).id();
        fixture.clock.advance(Duration.ofSeconds(1));
        String second = fixture.running(ExecuteOptions.ofType("other")
                        .withTimeout(Duration.ZERO)
                        .withOwner(ANN))
                .id();
        fixture.clock.advance(Duration.ofSeconds(1));
        String third = fixture.running(AT_ONCE.withOwner(BOB)).id();
        executor.cancel(third, null);

        assertThat(list(OperationQuery.ALL)).containsExactly(third, second, first);
        assertThat(list(OperationQuery.ALL.withOwner(ANN))).containsExactly(second, first);
        assertThat(list(OperationQuery.ALL.withType("report"))).containsExactly(third, first);
        assertThat(list(OperationQuery.ALL.withStatuses(Set.of(OperationStatus.CANCELLED))))
                .containsExactly(third);
        assertThat(list(OperationQuery.ALL.withLimit(2))).containsExactly(third, second);
        assertThat(list(OperationQuery.ALL.withOwner(ANN).withType("report").withLimit(1)))
                .containsExactly(first);
        assertThat(list(OperationQuery.ALL.withOwner(OperationOwner.session("ann"))))
                .isEmpty();
    }

    private Stream<String> list(OperationQuery query) {
        assertThat(executor.operationsAsync(query).toCompletableFuture())
                .isCompletedWithValue(executor.operations(query));
        return executor.operations(query).stream().map(Operation::requireId);
    }

    @Test
    void endedOperationGoesAfterItsRetention() {
        String id = fixture.run(context -> "done").requireId();

        fixture.clock.advance(Duration.ofMinutes(5).minusNanos(1));
        assertThat(fixture.state(id).result()).isEqualTo("done");
        fixture.clock.advance(Duration.ofNanos(1));

        assertThat(catchThrowable(() -> executor.find(id, null))).isInstanceOf(OperationNotFoundException.class);
        assertThat(executor.operations(OperationQuery.ALL)).isEmpty();
    }

    @Test
    void readingDoesNotKeepAnOperationLonger() {
        String id = fixture.run(context -> "done").requireId();
        fixture.clock.advance(Duration.ofMinutes(4));
        fixture.state(id);

        fixture.clock.advance(Duration.ofMinutes(1));

        assertThat(catchThrowable(() -> executor.find(id, null))).isInstanceOf(OperationNotFoundException.class);
    }

    @Test
    void runningOperationIsNeverEvicted() {
        Running running = fixture.running(AT_ONCE.withMaxLifetime(Duration.ofDays(400)));

        fixture.clock.advance(Duration.ofDays(365));
        executor.cleanup();

        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);
        running.work().complete("done");
        fixture.clock.advance(Duration.ofMinutes(4));
        assertThat(fixture.state(running.id()).result()).isEqualTo("done");
    }

    @Test
    void cleanupCountsWhatWentAndTellsOnce() {
        for (int i = 0; i < 3; i++) {
            fixture.run(context -> "done");
        }
        fixture.running(AT_ONCE.withMaxLifetime(Duration.ofDays(1)));
        assertThat(executor.cleanup()).isZero();
        // The cache looks at whole seconds, one at the most after the time.
        fixture.clock.advance(Duration.ofMinutes(5).plusSeconds(2));

        assertThat(executor.cleanup()).isEqualTo(3);
        assertThat(executor.cleanupAsync().toCompletableFuture()).isCompletedWithValue(0);

        assertThat(fixture.events.expired).containsExactly(3);
        assertThat(executor.statistics().retained()).isOne();
    }

    @Test
    void cleanupHappensByItself() {
        fixture.run(context -> "done");
        fixture.clock.advance(Duration.ofMinutes(5).plusSeconds(2));

        fixture.advance(Duration.ofMinutes(1));

        assertThat(fixture.events.expired).containsExactly(1);
    }

    @Test
    void cleanupThatFailsIsTriedAgain() {
        AtomicReference<RuntimeException> failure = new AtomicReference<>(new IllegalStateException("down"));
        OperationListener broken = new OperationListener() {
            @Override
            public void expired(int count) {
                throw failure.get();
            }
        };
        try (ExecutorFixture failing = new ExecutorFixture(builder -> builder.listener(broken))) {
            for (int i = 0; i < 2; i++) {
                failing.run(context -> "done");
                failing.clock.advance(Duration.ofMinutes(5).plusSeconds(2));
                failing.advance(Duration.ofMinutes(1));
            }

            assertThat(failing.events.expired).containsExactly(1, 1);
        }
    }

    /** Throws what a continuation would see, without the wrapper that {@code join} adds. */
    private static void raw(CompletionStage<?> stage) {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        stage.whenComplete((value, error) -> seen.set(error));
        if (seen.get() != null) {
            FailureTests.<RuntimeException>sneak(seen.get());
        }
    }

    private interface Interruptible {
        void run() throws InterruptedException;
    }

    private static void interruptibly(Interruptible action) {
        try {
            action.run();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
