package io.asyncmcp.autoconfigure.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.InputResponse;
import io.asyncmcp.Operation;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.asyncmcp.autoconfigure.operations.HeldBody;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class AsyncMcpObservationAutoConfigurationTests {

    private static final ExecuteOptions REPORT = ExecuteOptions.ofType("report");

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ObservationAutoConfiguration.class,
                    AsyncMcpAutoConfiguration.class,
                    AsyncMcpObservationAutoConfiguration.class))
            .withPropertyValues("async.mcp.shutdown-timeout=0s")
            .withUserConfiguration(Recording.class);

    @Test
    void everyOperationIsObservedByDefault() {
        contextRunner.run(context -> {
            new HeldBody().finish(context.getBean(AsyncExecutor.class), REPORT);
            Observation.Context observed = context.getBean(Recorder.class).stopped();
            assertThat(observed.getName()).isEqualTo("async.mcp.operation");
            assertThat(observed.getContextualName()).isEqualTo("async-mcp report");
            assertThat(observed.getLowCardinalityKeyValues())
                    .containsExactlyInAnyOrder(KeyValue.of("tool", "report"), KeyValue.of("outcome", "completed"));
            assertThat(observed.getHighCardinalityKeyValues()).isEmpty();
        });
    }

    @Test
    void backsOffWhenSwitchedOff() {
        contextRunner
                .withPropertyValues("async.mcp.observations.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ObservingInterceptor.class));
    }

    @Test
    void backsOffWithoutAnExecutor() {
        contextRunner
                .withPropertyValues("async.mcp.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(ObservingInterceptor.class));
    }

    @Test
    void backsOffWithoutMicrometer() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        AsyncMcpAutoConfiguration.class, AsyncMcpObservationAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("asyncMcpObservingInterceptor"));
    }

    @Test
    void backsOffForTheUsersInterceptor() {
        contextRunner
                .withBean(
                        "own",
                        ObservingInterceptor.class,
                        () -> new ObservingInterceptor(ObservationRegistry.NOOP, null))
                .run(context -> assertThat(context)
                        .hasSingleBean(ObservingInterceptor.class)
                        .hasBean("own"));
    }

    @Test
    void conventionCanBeReplaced() {
        contextRunner.withUserConfiguration(OwnNames.class).run(context -> {
            new HeldBody().finish(context.getBean(AsyncExecutor.class), REPORT);
            assertThat(context.getBean(Recorder.class).stopped().getName()).isEqualTo("own.name");
        });
    }

    @Test
    void observationOfTheCallIsTheParentAndTheOneOfTheOperationIsCurrentInTheBody() {
        contextRunner.run(context -> {
            ObservationRegistry registry = context.getBean(ObservationRegistry.class);
            AtomicReference<Observation> current = new AtomicReference<>();
            Observation call = Observation.start("call", registry);
            HeldBody body = new HeldBody(operation -> {
                current.set(registry.getCurrentObservation());
                return "done";
            });
            CompletableFuture<Operation> answer;
            try (Observation.Scope scope = call.openScope()) {
                answer = body.start(context.getBean(AsyncExecutor.class), REPORT);
            }
            // The call is over, as it is after a promotion, and the trace still goes on.
            call.stop();
            body.release();
            answer.get(10, TimeUnit.SECONDS);

            Recorder recorder = context.getBean(Recorder.class);
            assertThat(recorder.stopped()).isSameAs(call.getContext());
            Observation.Context observed = recorder.stopped();
            assertThat(observed.getParentObservation()).isSameAs(call);
            assertThat(current.get().getContext()).isSameAs(observed);
        });
    }

    @Test
    void observationOfTheOperationIsCurrentWhereItsQuestionIsAnswered() {
        contextRunner.run(context -> {
            ObservationRegistry registry = context.getBean(ObservationRegistry.class);
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            AtomicReference<Observation> inTheBody = new AtomicReference<>();
            CompletableFuture<Observation> answered = new CompletableFuture<>();
            CompletableFuture<Object> asked = new CompletableFuture<>();
            String id = executor.submit(
                            operation -> {
                                inTheBody.set(registry.getCurrentObservation());
                                operation
                                        .requestInput("ask", "elicitation/create", null)
                                        .thenRun(() -> answered.complete(registry.getCurrentObservation()));
                                asked.complete("asked");
                                return new CompletableFuture<>();
                            },
                            REPORT)
                    .requireId();
            asked.get(10, TimeUnit.SECONDS);

            executor.answerInput(id, null, "ask", InputResponse.of("yes"));

            assertThat(answered.get(10, TimeUnit.SECONDS).getContext())
                    .isSameAs(inTheBody.get().getContext());
        });
    }

    @Test
    void errorOfTheBodyIsRecorded() {
        contextRunner.run(context -> {
            IllegalStateException error = new IllegalStateException("no paper");
            new HeldBody(operation -> {
                        throw error;
                    })
                    .finish(context.getBean(AsyncExecutor.class), REPORT);
            Observation.Context observed = context.getBean(Recorder.class).stopped();
            assertThat(observed.getError()).isSameAs(error);
            assertThat(outcomeOf(observed)).isEqualTo("failed");
        });
    }

    @Test
    void resultThatReportsAnErrorIsAFailureWithoutException() {
        contextRunner.run(context -> {
            new HeldBody(operation -> "sorry")
                    .finish(context.getBean(AsyncExecutor.class), REPORT.withReportsFailure("sorry"::equals));
            Observation.Context observed = context.getBean(Recorder.class).stopped();
            assertThat(observed.getError()).isNull();
            assertThat(outcomeOf(observed)).isEqualTo("failed");
        });
    }

    @Test
    void cancellationIsAnOutcomeAndNoError() {
        contextRunner.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            Operation handle = new HeldBody().promote(executor, REPORT);
            executor.cancel(handle.requireId(), null);
            Observation.Context observed = context.getBean(Recorder.class).stopped();
            assertThat(observed.getError()).isNull();
            assertThat(outcomeOf(observed)).isEqualTo("cancelled");
        });
    }

    @Test
    void asynchronousBodyIsObservedUntilItsStageEnds() {
        contextRunner.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            Recorder recorder = context.getBean(Recorder.class);
            CompletableFuture<String> stage = new CompletableFuture<>();
            HeldBody body = new HeldBody(operation -> stage);
            CompletableFuture<Operation> answer = body.start(executor, REPORT);
            body.release();
            assertThat(recorder.events).isEmpty();
            stage.complete("done");
            answer.get(10, TimeUnit.SECONDS);
            assertThat(outcomeOf(recorder.stopped())).isEqualTo("completed");
        });
    }

    @Test
    void errorOfAnAsynchronousBodyIsRecorded() {
        contextRunner.run(context -> {
            IllegalStateException error = new IllegalStateException("no paper");
            new HeldBody(operation -> CompletableFuture.supplyAsync(() -> {
                        throw error;
                    }))
                    .finish(context.getBean(AsyncExecutor.class), REPORT);
            Observation.Context observed = context.getBean(Recorder.class).stopped();
            assertThat(observed.getError()).isSameAs(error);
            assertThat(outcomeOf(observed)).isEqualTo("failed");
        });
    }

    @Test
    void cancellationReachesTheStageOfAnAsynchronousBody() {
        contextRunner.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            CompletableFuture<String> stage = new CompletableFuture<>();
            HeldBody body = new HeldBody(operation -> stage);
            Operation handle = body.promote(executor, REPORT);
            body.release();
            executor.cancel(handle.requireId(), null);
            assertThat(outcomeOf(context.getBean(Recorder.class).stopped())).isEqualTo("cancelled");
        });
    }

    @Test
    void operationThatNeverRanIsNotObserved() {
        contextRunner.withPropertyValues("async.mcp.limits.max-running=1").run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            Recorder recorder = context.getBean(Recorder.class);
            HeldBody first = new HeldBody();
            CompletableFuture<Operation> answer = first.start(executor, REPORT);
            Operation queued = executor.execute(
                    new HeldBody(), ExecuteOptions.ofType("queued").withTimeout(Duration.ZERO));
            executor.cancel(queued.requireId(), null);
            first.release();
            answer.get(10, TimeUnit.SECONDS);
            assertThat(recorder.stopped().getContextualName()).isEqualTo("async-mcp report");
            assertThat(recorder.events).isEmpty();
        });
    }

    private static String outcomeOf(Observation.Context observed) {
        return observed.getLowCardinalityKeyValue("outcome").getValue();
    }

    /** Hands stopped observations over to the test's thread. */
    static final class Recorder implements ObservationHandler<Observation.Context> {

        private final BlockingQueue<Observation.Context> events = new LinkedBlockingQueue<>();

        @Override
        public void onStop(Observation.Context context) {
            events.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }

        Observation.Context stopped() throws InterruptedException {
            Observation.Context context = events.poll(10, TimeUnit.SECONDS);
            assertThat(context).as("a stopped observation").isNotNull();
            return context;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Recording {

        @Bean
        Recorder recorder() {
            return new Recorder();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnNames {

        @Bean
        OperationObservationConvention ownConvention() {
            return new DefaultOperationObservationConvention() {
                @Override
                public String getName() {
                    return "own.name";
                }
            };
        }
    }
}
