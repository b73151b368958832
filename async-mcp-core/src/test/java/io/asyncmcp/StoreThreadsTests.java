package io.asyncmcp;

import static io.asyncmcp.ExecutorFixture.AT_ONCE;
import static io.asyncmcp.ExecutorFixture.OPTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.ExecutorFixture.Running;
import io.asyncmcp.doubles.ManualExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What waits for the store where it has threads of its own, so that nobody else does. */
class StoreThreadsTests {

    private static final Duration WAIT = Duration.ofSeconds(5);

    private final ManualExecutor storeThreads = new ManualExecutor();

    private final ExecutorFixture fixture = new ExecutorFixture(builder -> builder.storeThreads(storeThreads));

    @Test
    void handleIsMadeThere() {
        CompletableFuture<Operation> call = fixture.start(context -> "never", OPTIONS.withTimeout(WAIT));
        fixture.advance(WAIT);
        assertThat(call).isNotDone();

        storeThreads.runAll();

        assertThat(call).isCompletedWithValueMatching(now -> now.id() != null);
    }

    @Test
    void endThatComesMeanwhileEndsTheWait() {
        CompletableFuture<Operation> call = fixture.start(context -> "done", OPTIONS.withTimeout(WAIT));
        fixture.advance(WAIT);

        fixture.operations.runAll();

        assertThat(call).isCompletedWithValueMatching(end -> "done".equals(end.result()));
        storeThreads.runAll();
        fixture.assertNothingLeaks();
    }

    @Test
    void endOfTheLifetimeIsRecordedThere() {
        Running running = fixture.running(AT_ONCE.withMaxLifetime(WAIT));
        fixture.advance(WAIT);
        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.WORKING);

        storeThreads.runAll();

        assertThat(fixture.status(running.id())).isEqualTo(OperationStatus.FAILED);
    }

    @Test
    void watchIsBegunThere() {
        Running running = fixture.running();
        List<Operation> seen = new ArrayList<>();
        CompletableFuture<Watch> watch =
                fixture.executor.watchAsync(running.id(), null, seen::add).toCompletableFuture();
        assertThat(watch).isNotDone();

        storeThreads.runAll();
        running.work().complete("done");

        assertThat(watch).isCompleted();
        assertThat(seen).hasSize(1);
    }

    @Test
    void timeOutsComeAlsoWhereTheyAreGone() {
        CompletableFuture<Operation> call = fixture.start(context -> "never", OPTIONS.withTimeout(WAIT));
        storeThreads.shutdown();

        fixture.advance(WAIT);

        assertThat(call).isCompletedWithValueMatching(now -> now.id() != null);
    }
}
