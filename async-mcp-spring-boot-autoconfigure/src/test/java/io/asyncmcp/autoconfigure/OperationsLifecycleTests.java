package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.asyncmcp.AsyncExecutor;
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
