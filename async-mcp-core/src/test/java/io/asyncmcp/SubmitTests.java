package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncmcp.ExecutorFixture.Running;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operations that have an id from the beginning, and how long they are kept. */
class SubmitTests {

    private static final ExecuteOptions OPTIONS = ExecutorFixture.OPTIONS;

    private final ExecutorFixture fixture = new ExecutorFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void operationIsFoundBeforeItRuns() {
        Operation submitted = fixture.executor.submit(context -> "done", OPTIONS);

        assertThat(submitted.status()).isEqualTo(OperationStatus.QUEUED);
        assertThat(fixture.state(submitted.requireId())).isEqualTo(submitted);
        fixture.operations.runAll();
        assertThat(fixture.state(submitted.requireId()).result()).isEqualTo("done");
        assertThat(fixture.events.names).containsExactly("started", "promoted", "ended");
        fixture.assertNothingLeaks();
    }

    @Test
    void operationThatEndsAtOnceIsFoundToo() {
        try (AsyncExecutor direct =
                AsyncExecutor.builder().operationThreads(new CallersThread()).build()) {
            Operation submitted = direct.submit(context -> "done", OPTIONS);

            assertThat(submitted.status()).isEqualTo(OperationStatus.COMPLETED);
            assertThat(direct.find(submitted.requireId(), null).result()).isEqualTo("done");
        }
    }

    @Test
    void operationOverALimitIsRefused() {
        try (ExecutorFixture small = ExecutorFixture.limited(1, 0, 0)) {
            small.executor.submit(context -> "done", OPTIONS);

            assertThatExceptionOfType(OperationRejectedException.class)
                    .isThrownBy(() -> small.executor.submit(context -> "done", OPTIONS));
        }
    }

    @Test
    void joinerIsPromisedTheLongerTtl() {
        ExecuteOptions shared = OPTIONS.withSingleFlightKey("key");
        Running leader = fixture.running(shared.withTtl(Duration.ofMinutes(1)));

        Operation longer = fixture.executor.submit(context -> "never", shared.withTtl(Duration.ofHours(1)));
        Operation shorter = fixture.executor.submit(context -> "never", shared.withTtl(Duration.ofSeconds(1)));

        assertThat(longer.id()).isEqualTo(leader.id());
        assertThat(longer.ttl()).isEqualTo(Duration.ofHours(1));
        assertThat(shorter.ttl()).isEqualTo(Duration.ofHours(1));
        leader.work().complete("done");
        fixture.clock.advance(Duration.ofMinutes(59));
        assertThat(fixture.state(leader.id()).result()).isEqualTo("done");
    }

    @Test
    void everyChangeIsDated() {
        Running running = fixture.running();
        Operation begun = fixture.state(running.id());
        fixture.clock.advance(Duration.ofSeconds(1));
        running.context().progress(1, 2.0, "half");
        assertThat(fixture.state(running.id()).updatedAt())
                .isEqualTo(begun.updatedAt().plusSeconds(1));
        fixture.clock.advance(Duration.ofSeconds(1));
        running.context().requestInput("ask", null);
        assertThat(fixture.state(running.id()).updatedAt())
                .isEqualTo(begun.updatedAt().plusSeconds(2));
        fixture.clock.advance(Duration.ofSeconds(1));
        fixture.executor.cancel(running.id(), null);
        Operation end = fixture.state(running.id());
        assertThat(end.updatedAt())
                .isEqualTo(end.endedAt())
                .isEqualTo(begun.updatedAt().plusSeconds(3));
    }

    @Test
    void questionIsGivenBackByTheOneItWasGivenTo() {
        Running running = fixture.running();
        running.context().requestInput("ask", null);
        AsyncExecutor executor = fixture.executor;

        assertThat(executor.releaseInput(running.id(), null, "ask#1")).isFalse();
        assertThat(executor.claimInput(running.id(), null, "ask#1")).isTrue();
        assertThat(executor.releaseInput(running.id(), null, "ask#1")).isTrue();
        assertThat(executor.claimInput(running.id(), null, "ask#1")).isTrue();
        assertThat(executor.answerInput(running.id(), null, "ask#1", InputResponse.of("yes")))
                .isTrue();
        assertThat(executor.releaseInput(running.id(), null, "ask#1")).isFalse();
    }

    @Test
    void answerIsTakenFromTheOneItWasGivenToAfterItWasGivenBack() {
        Running running = fixture.running();
        running.context().requestInput("ask", null);
        fixture.executor.claimInput(running.id(), null, "ask#1");
        fixture.executor.releaseInput(running.id(), null, "ask#1");

        assertThat(fixture.executor.answerInput(running.id(), null, "ask#1", InputResponse.of("late")))
                .isTrue();
    }

    /** Runs everything before it returns. */
    private static final class CallersThread extends AbstractExecutorService {

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
