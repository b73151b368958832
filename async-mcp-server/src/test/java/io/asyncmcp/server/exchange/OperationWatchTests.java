package io.asyncmcp.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationWatchTests {

    /** What is to be done with the store, when a test says so. */
    private final Queue<Runnable> lookUps = new ArrayDeque<>();

    private final AsyncExecutor executor =
            AsyncExecutor.builder().storeThreads(lookUps::add).build();

    private final CompletableFuture<OperationContext> body = new CompletableFuture<>();

    private final CompletableFuture<Object> work = new CompletableFuture<>();

    private final String id = executor.submit(
                    context -> {
                        body.complete(context);
                        return work;
                    },
                    ExecuteOptions.ofType("report"))
            .requireId();

    private final List<Operation> told = new ArrayList<>();

    @AfterEach
    void close() {
        executor.close();
    }

    private CompletionStage<AsyncExecutor.Watch> follow() {
        return OperationWatch.untilEndAsync(executor, id, told::add);
    }

    private void ask() {
        body.join().requestInput("ask", null);
    }

    private void lookUp() {
        lookUps.remove().run();
    }

    @Test
    void questionThatWasAskedBeforeIsTold() {
        follow();
        ask();
        lookUp();
        lookUp();
        assertThat(told).hasSize(1);
        assertThat(told.get(0).status()).isEqualTo(OperationStatus.INPUT_REQUIRED);
        assertThat(told.get(0).pendingInputs()).hasSize(1);
    }

    @Test
    void whatWasFoundIsNotToldAfterNews() {
        body.join();
        follow();
        lookUp();
        ask();
        List<Operation> news = List.copyOf(told);
        lookUp();
        assertThat(news).isNotEmpty();
        assertThat(told).isEqualTo(news);
    }

    @Test
    void endThatCameBeforeIsTold() {
        executor.cancel(id, null);
        CompletionStage<AsyncExecutor.Watch> watch = follow();
        lookUp();
        lookUp();
        assertThat(told).extracting(Operation::status).containsExactly(OperationStatus.CANCELLED);
        assertThat(watch).isCompleted();
    }
}
