package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of everything one can do with an executor, each step compared with a simple model of it.
 *
 * <p>A failure names its seed, which {@code -Dsequences.seed=… -Dsequences.count=1} plays alone.
 */
class OperationSequencesTests {

    private static final long FIRST_SEED = Long.getLong("sequences.seed", 1);

    private static final int SEQUENCES = Integer.getInteger("sequences.count", 1_500);

    private static final int STEPS = 60;

    /** Every time-out is a multiple of it, so that the model needs no slots. */
    private static final Duration TICK = Duration.ofSeconds(30);

    private static final int LIFETIME = 8;

    private static final int RETENTION = 10;

    private static final int WAIT = 1;

    private static final int RUNNING = 2;

    private static final int QUEUED = 2;

    private static final ExecutorConfig CONFIG = ExecutorConfig.DEFAULTS
            .withMaxLifetime(TICK.multipliedBy(LIFETIME))
            .withRetentionPeriod(TICK.multipliedBy(RETENTION))
            .withInputTimeout(TICK.multipliedBy(1_000))
            .withLimits(new Limits(RUNNING, QUEUED, 0));

    @Test
    void everySequenceGoesAsTheModelSays() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES; seed++) {
            try (Sequence sequence = new Sequence(new Random(seed))) {
                sequence.play();
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /** What the model knows of an operation. */
    private static final class Expected {

        final String id;

        final String key;

        final CompletableFuture<Object> work;

        OperationStatus status = OperationStatus.QUEUED;

        int deadline;

        int end = Integer.MAX_VALUE;

        int asked;

        int unanswered;

        /** Runs and has a place, which one that waits for an answer has not. */
        boolean placed;

        final List<CompletableFuture<Object>> answers = new ArrayList<>();

        OperationContext context;

        Expected(String id, String key, CompletableFuture<Object> work) {
            this.id = id;
            this.key = key;
            this.work = work;
        }

        boolean active() {
            return end == Integer.MAX_VALUE;
        }
    }

    private record Waiter(Expected operation, int until, CompletableFuture<Operation> future) {}

    private static final class Sequence implements AutoCloseable {

        private final ExecutorFixture fixture = new ExecutorFixture(builder -> builder.config(CONFIG));

        private final Random random;

        private final List<String> steps = new ArrayList<>();

        private final List<Expected> all = new ArrayList<>();

        private final Deque<Expected> queue = new ArrayDeque<>();

        /** Those that have their answers and no place. */
        private final Deque<Expected> returning = new ArrayDeque<>();

        private final List<Waiter> waiters = new ArrayList<>();

        private int now;

        private int ends;

        Sequence(Random random) {
            this.random = random;
            fixture.operations.direct();
            fixture.callbacks.direct();
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                step();
                compare();
            }
            fixture.executor.shutdown(Duration.ZERO);
            all.stream().filter(Expected::active).toList().forEach(each -> end(each, OperationStatus.CANCELLED));
            compare();
            fixture.assertNothingLeaks();
        }

        private void step() {
            Expected one = all.isEmpty() ? null : all.get(random.nextInt(all.size()));
            int verb = random.nextInt(10);
            if (one == null || verb < 3) {
                start(random.nextBoolean() ? null : "key " + random.nextInt(2));
            } else if (verb == 3) {
                finish(one);
            } else if (verb == 4) {
                cancel(one);
            } else if (verb == 5) {
                ask(one);
            } else if (verb == 6) {
                answer(one);
            } else if (verb == 7) {
                await(one);
            } else if (verb == 8) {
                tick();
            } else {
                did("clean up");
                fixture.executor.cleanup();
            }
        }

        private void did(String step) {
            steps.add(step);
        }

        // ---- the verbs, on the executor and on the model -------------------------------------------------------

        private void start(String key) {
            did("start " + key);
            CompletableFuture<Object> work = new CompletableFuture<>();
            OperationContext[] inside = new OperationContext[1];
            ExecuteOptions options = ExecutorFixture.OPTIONS.withSingleFlightKey(key);
            Expected leader = all.stream()
                    .filter(each -> each.active() && key != null && key.equals(each.key))
                    .findFirst()
                    .orElse(null);
            boolean full = leader == null && running() == RUNNING && queue.size() == QUEUED;
            String id;
            try {
                id = fixture.executor
                        .submit(
                                context -> {
                                    find(work).context = context;
                                    inside[0] = context;
                                    return work;
                                },
                                options)
                        .requireId();
            } catch (OperationRejectedException e) {
                assertThat(full).as("refused: " + steps).isTrue();
                return;
            }
            assertThat(full).as("admitted: " + steps).isFalse();
            if (leader != null) {
                assertThat(id).as("joined: " + steps).isEqualTo(leader.id);
                return;
            }
            Expected started = new Expected(id, key, work);
            started.context = inside[0];
            all.add(started);
            if (running() < RUNNING) {
                begin(started);
            } else {
                queue.add(started);
            }
        }

        /** The body of one that is queued runs later; of one that runs at once the model does not know yet. */
        private Expected find(CompletableFuture<Object> work) {
            return all.stream()
                    .filter(each -> each.work == work)
                    .findFirst()
                    .orElseGet(() -> new Expected("", null, work));
        }

        private void finish(Expected one) {
            if (one.status == OperationStatus.QUEUED) {
                return;
            }
            did("finish " + all.indexOf(one));
            one.work.complete("done");
            end(one, OperationStatus.COMPLETED);
        }

        private void cancel(Expected one) {
            did("cancel " + all.indexOf(one));
            if (gone(one)) {
                return;
            }
            assertThat(fixture.executor.cancel(one.id, null))
                    .as(steps::toString)
                    .isEqualTo(one.active());
            end(one, OperationStatus.CANCELLED);
        }

        private void ask(Expected one) {
            if (!one.active() || one.status == OperationStatus.QUEUED) {
                return;
            }
            did("ask " + all.indexOf(one));
            one.answers.add(one.context
                    .requestInput("question " + one.asked, "ask", null)
                    .toCompletableFuture());
            one.asked++;
            one.unanswered++;
            one.status = OperationStatus.INPUT_REQUIRED;
            returning.remove(one);
            givePlaceUp(one);
        }

        private void answer(Expected one) {
            did("answer " + all.indexOf(one));
            if (gone(one)) {
                return;
            }
            String key = "question " + (one.asked - one.unanswered);
            boolean taken = fixture.executor.answerInput(one.id, null, key, InputResponse.of("yes"));
            assertThat(taken).as(steps::toString).isEqualTo(one.active() && one.unanswered > 0);
            if (taken && --one.unanswered == 0) {
                one.status = OperationStatus.WORKING;
                if (running() < RUNNING) {
                    one.placed = true;
                } else {
                    returning.add(one);
                }
            }
        }

        private void await(Expected one) {
            did("await " + all.indexOf(one));
            if (!gone(one)) {
                waiters.add(new Waiter(one, now + WAIT, fixture.await(one.id, TICK.multipliedBy(WAIT))));
            }
        }

        private void tick() {
            did("tick");
            now++;
            fixture.advance(TICK);
            for (Expected each : all) {
                if (each.active() && each.status != OperationStatus.QUEUED && each.deadline == now) {
                    end(each, OperationStatus.FAILED);
                }
            }
        }

        // ---- the model -----------------------------------------------------------------------------------------

        private int running() {
            return (int)
                    all.stream().filter(each -> each.active() && each.placed).count();
        }

        private void givePlaceUp(Expected one) {
            if (!one.placed) {
                return;
            }
            one.placed = false;
            if (!returning.isEmpty()) {
                returning.remove().placed = true;
            } else if (!queue.isEmpty()) {
                begin(queue.remove());
            }
        }

        private void begin(Expected one) {
            one.status = OperationStatus.WORKING;
            one.placed = true;
            one.deadline = now + LIFETIME;
        }

        private void end(Expected one, OperationStatus status) {
            if (!one.active()) {
                return;
            }
            one.status = status;
            one.end = now;
            ends++;
            queue.remove(one);
            returning.remove(one);
            givePlaceUp(one);
        }

        private boolean gone(Expected one) {
            return !one.active() && now - one.end >= RETENTION;
        }

        // ---- one against the other -----------------------------------------------------------------------------

        private void compare() {
            for (Expected each : all) {
                assertThat(statusOf(each)).as(steps::toString).isEqualTo(gone(each) ? null : each.status);
            }
            assertThat(listed()).as(steps::toString).isEqualTo(ids());
            assertThat(fixture.events.ended).as(steps::toString).hasSize(ends);
            ExecutorStatistics statistics = fixture.executor.statistics();
            assertThat(statistics.queued()).as(steps::toString).isEqualTo(queue.size());
            assertThat(statistics.working() + statistics.inputRequired())
                    .as(steps::toString)
                    .isEqualTo((int) all.stream()
                            .filter(each -> each.active() && each.status != OperationStatus.QUEUED)
                            .count());
            for (Expected each : all) {
                long heard =
                        each.answers.stream().filter(CompletableFuture::isDone).count();
                int answered = each.asked - each.unanswered;
                // The last answer is heard with a place alone.
                assertThat(heard)
                        .as(steps::toString)
                        .isEqualTo(!each.active() ? each.asked : returning.contains(each) ? answered - 1 : answered);
            }
            for (Waiter each : waiters) {
                boolean over = each.until() <= now || !each.operation().active();
                assertThat(each.future().isDone()).as(steps::toString).isEqualTo(over);
            }
        }

        private OperationStatus statusOf(Expected one) {
            try {
                return fixture.status(one.id);
            } catch (OperationNotFoundException e) {
                return null;
            }
        }

        private Set<String> listed() {
            return fixture.executor.operations(OperationQuery.ALL).stream()
                    .map(Operation::id)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
        }

        private Set<String> ids() {
            return all.stream().filter(each -> !gone(each)).map(each -> each.id).collect(Collectors.toSet());
        }

        @Override
        public void close() {
            fixture.close();
        }
    }
}
