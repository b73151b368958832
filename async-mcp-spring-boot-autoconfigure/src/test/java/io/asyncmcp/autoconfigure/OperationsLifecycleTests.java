package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.OperationRejectedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

class OperationsLifecycleTests {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final AsyncExecutor executor = mock(AsyncExecutor.class);

    private final Runnable callback = mock(Runnable.class);

    private final OperationsLifecycle lifecycle = new OperationsLifecycle(executor, GRACE);

    @Test
    void nothingIsAdmittedWhileWhatIsOpenIsCounted() {
        when(executor.shutdown(GRACE)).thenReturn(CompletableFuture.completedFuture(0));

        lifecycle.stop(callback);

        InOrder order = inOrder(executor, callback);
        order.verify(executor).shutdown(GRACE);
        order.verify(executor).open();
        order.verify(callback).run();
        verify(executor, never()).statistics();
    }

    @Test
    void startedAgainItTakesOperations() throws Exception {
        try (AsyncExecutor real = AsyncExecutor.builder().build()) {
            OperationsLifecycle again = new OperationsLifecycle(real, GRACE);
            again.start();

            again.stop(callback);

            verify(callback).run();
            assertThat(again.isRunning()).isFalse();
            assertThatExceptionOfType(OperationRejectedException.class)
                    .isThrownBy(() -> real.execute(operation -> "never", ExecuteOptions.ofType("report")));
            again.start();
            assertThat(again.isRunning()).isTrue();
            assertThat(real.execute(operation -> "done", ExecuteOptions.ofType("report"))
                            .result())
                    .isEqualTo("done");
        }
    }

    /** Spring gives up on a phase that takes too long, and may start what it has not heard of yet. */
    @Test
    void startWhileItStopsTakesTheShutdownBack() {
        when(executor.shutdown(GRACE)).thenReturn(new CompletableFuture<>());
        lifecycle.start();
        lifecycle.stop(callback);
        assertThat(lifecycle.isRunning()).isFalse();

        lifecycle.start();

        verify(executor, times(2)).restart();
        assertThat(lifecycle.isRunning()).isTrue();
    }

    @Test
    void springGoesOnThoughTheShutdownThrows() {
        when(executor.shutdown(GRACE)).thenThrow(new NoClassDefFoundError("gone"));
        lifecycle.start();

        lifecycle.stop(callback);

        verify(callback).run();
        assertThat(lifecycle.isRunning()).isFalse();
    }

    @Test
    void springGoesOnThoughTheShutdownFails() {
        when(executor.shutdown(GRACE)).thenReturn(CompletableFuture.failedFuture(new IllegalStateException("gone")));
        when(executor.open()).thenThrow(new IllegalStateException("gone"));

        lifecycle.stop(callback);

        verify(callback).run();
    }

    @Test
    void springWaitsUntilTheShutdownIsOver() {
        CompletableFuture<Integer> shutdown = new CompletableFuture<>();
        when(executor.shutdown(GRACE)).thenReturn(shutdown);
        when(executor.open()).thenReturn(2);

        lifecycle.stop(callback);
        verify(callback, never()).run();

        shutdown.complete(1);
        verify(callback).run();
    }
}
