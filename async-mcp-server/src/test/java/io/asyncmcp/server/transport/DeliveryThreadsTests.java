package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.asyncmcp.engine.OperationThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DeliveryThreadsTests {

    private final List<Runnable> handedOver = new ArrayList<>();

    @Test
    void platformThreadHandsOver() {
        DeliveryThreads.orVirtual(handedOver::add).execute(() -> {
            throw new AssertionError("ran on the thread that may be one of few");
        });
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void virtualThreadRunsItself() throws Exception {
        assumeThat(OperationThreads.virtualThreadsAvailable()).isTrue();
        ExecutorService threads = OperationThreads.newExecutor(OperationThreads.Kind.VIRTUAL, "test-", 1);
        try {
            Thread ran = threads.submit(() -> {
                        List<Thread> here = new ArrayList<>();
                        DeliveryThreads.orVirtual(handedOver::add).execute(() -> here.add(Thread.currentThread()));
                        return here.get(0);
                    })
                    .get(10, TimeUnit.SECONDS);
            assertThat(OperationThreads.isVirtual(ran)).isTrue();
            assertThat(handedOver).isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }
}
