package io.asyncmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What runs for a body on other threads has what an interceptor has bound to the body's. */
class CallbackContextTests {

    private final ThreadLocal<@Nullable String> user = new ThreadLocal<>();

    private final List<String> seen = new ArrayList<>();

    private final ExecutorFixture fixture = new ExecutorFixture(builder -> builder.interceptor(this::bound));

    private OperationBody bound(OperationBody body, ExecuteOptions options) {
        String caller = user.get();
        UnaryOperator<Runnable> binding = action -> () -> {
            String before = user.get();
            user.set(caller);
            try {
                action.run();
            } finally {
                user.set(before);
            }
        };
        return operation -> {
            operation.wrapCallbacks(binding);
            return body.run(operation);
        };
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void note(String what) {
        seen.add(what + " of " + user.get());
    }

    private String startedByAlice(OperationBody body) {
        user.set("alice");
        String id = fixture.run(body).requireId();
        user.set("admin");
        return id;
    }

    @Test
    void cancellationRunsAsWhoeverStartedTheOperation() {
        CompletableFuture<Object> stage = new CompletableFuture<>();
        stage.whenComplete((value, error) -> note("stage"));
        String id = startedByAlice(operation -> {
            operation.onCancel(() -> note("callback"));
            return stage;
        });

        fixture.executor.cancel(id, null);
        fixture.callbacks.runAll();

        assertThat(seen).containsExactly("stage of alice", "callback of alice");
        assertThat(user.get()).isEqualTo("admin");
    }

    @Test
    void callbackThatComesAfterTheCancellationDoesToo() {
        AtomicReference<OperationContext> context = new AtomicReference<>();
        String id = startedByAlice(operation -> {
            context.set(operation);
            return new CompletableFuture<>();
        });
        fixture.executor.cancel(id, null);

        context.get().onCancel(() -> note("callback"));
        fixture.callbacks.runAll();

        assertThat(seen).containsExactly("callback of alice");
    }

    @Test
    void continuationOfAnAnswerRunsAsWhoeverStartedTheOperation() {
        String id = startedByAlice(operation -> {
            operation.requestInput("ask", "elicitation/create", null).whenComplete((answer, error) -> note("answer"));
            return new CompletableFuture<>();
        });

        fixture.executor.answerInput(id, null, "ask", InputResponse.of("yes"));
        fixture.callbacks.runAll();

        assertThat(seen).containsExactly("answer of alice");
        assertThat(user.get()).isEqualTo("admin");
    }

    @Test
    void continuationOfAnUnansweredQuestionDoesToo() {
        startedByAlice(operation -> {
            operation.requestInput("elicitation/create", null).whenComplete((answer, error) -> note("end"));
            return new CompletableFuture<>();
        });

        fixture.advance(ExecutorConfig.DEFAULTS.inputTimeout());

        assertThat(seen).containsExactly("end of alice");
    }

    /** Where there is no callback thread the canceller's own is used, and gets back what it had. */
    @Test
    void cancellersThreadIsLentAndGivenBack() {
        startedByAlice(operation -> {
            operation.onCancel(() -> note("callback"));
            return new CompletableFuture<>();
        });
        fixture.callbacks.shutdown();

        fixture.executor.close();

        assertThat(seen).containsExactly("callback of alice");
        assertThat(user.get()).isEqualTo("admin");
    }

    @Test
    void whoeverComesLaterIsWrappedByThoseBefore() {
        String id = startedByAlice(operation -> {
            operation.wrapCallbacks(action -> () -> {
                note("second");
                action.run();
            });
            operation.onCancel(() -> note("callback"));
            return new CompletableFuture<>();
        });

        fixture.executor.cancel(id, null);
        fixture.callbacks.runAll();

        assertThat(seen).containsExactly("second of alice", "callback of alice");
    }

    @Test
    void callbackRunsOnceThoughItCannotBeWrapped() {
        String id = startedByAlice(operation -> {
            operation.wrapCallbacks(action -> {
                throw new IllegalStateException("boom");
            });
            operation.onCancel(() -> note("callback"));
            return new CompletableFuture<>();
        });

        fixture.executor.cancel(id, null);
        fixture.callbacks.runAll();

        assertThat(seen).hasSize(1);
    }
}
