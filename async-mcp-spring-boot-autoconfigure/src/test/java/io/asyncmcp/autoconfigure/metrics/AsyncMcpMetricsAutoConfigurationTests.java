package io.asyncmcp.autoconfigure.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.ResultMemory;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.asyncmcp.autoconfigure.operations.HeldBody;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class AsyncMcpMetricsAutoConfigurationTests {

    private static final ExecuteOptions REPORT = ExecuteOptions.ofType("report");

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MetricsAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    SimpleMetricsExportAutoConfiguration.class,
                    AsyncMcpAutoConfiguration.class,
                    AsyncMcpMetricsAutoConfiguration.class))
            .withPropertyValues("async.mcp.shutdown-timeout=0s");

    @Test
    void metersAreThereByDefault() {
        contextRunner.run(context -> {
            assertThat(context).hasSingleBean(OperationMetrics.class).hasSingleBean(ExecutorMetrics.class);
            assertThat(context.getBean(MeterRegistry.class)
                            .get("async.mcp.operations.active")
                            .gauges())
                    .hasSize(4)
                    .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
        });
    }

    @Test
    void metersAreThereWhenBeansAreMadeAtFirstUse() {
        contextRunner
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> {
                    new HeldBody().finish(context.getBean(AsyncExecutor.class), REPORT);
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    assertThat(ended(registry, "completed").count()).isEqualTo(1);
                    assertThat(gauge(registry, "async.mcp.operations.retained")).isZero();
                });
    }

    @Test
    void backsOffWhenSwitchedOff() {
        contextRunner
                .withPropertyValues("async.mcp.metrics.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(OperationMetrics.class)
                        .doesNotHaveBean(ExecutorMetrics.class));
    }

    @Test
    void backsOffWithoutAnExecutor() {
        contextRunner
                .withPropertyValues("async.mcp.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(OperationMetrics.class)
                        .doesNotHaveBean(ExecutorMetrics.class));
    }

    @Test
    void backsOffWithoutMicrometer() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(AsyncMcpAutoConfiguration.class, AsyncMcpMetricsAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(MeterRegistry.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("asyncMcpOperationMetrics"));
    }

    @Test
    void backsOffForTheUsersMetrics() {
        contextRunner.withUserConfiguration(OwnMetrics.class).run(context -> {
            assertThat(context).hasSingleBean(OperationMetrics.class).hasSingleBean(ExecutorMetrics.class);
            new HeldBody().finish(context.getBean(AsyncExecutor.class), REPORT);
            assertThat(context.getBean(MeterRegistry.class)
                            .find("async.mcp.operations")
                            .meter())
                    .isNull();
            assertThat(ended(OwnMetrics.REGISTRY, "completed").count()).isEqualTo(1);
        });
    }

    @Test
    void gaugesFollowOperationsThroughTheirStates() {
        contextRunner.withPropertyValues("async.mcp.limits.max-running=1").run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            HeldBody first = new HeldBody();
            HeldBody second = new HeldBody();

            Operation handle = first.promote(executor, REPORT);
            CompletableFuture<Operation> answer =
                    executor.executeAsync(second, REPORT).toCompletableFuture();
            assertThat(active(registry, "working")).isEqualTo(1);
            assertThat(active(registry, "queued")).isEqualTo(1);
            assertThat(gauge(registry, "async.mcp.waiting")).isEqualTo(1);
            assertThat(gauge(registry, "async.mcp.operations.retained")).isEqualTo(1);

            first.release();
            second.release();
            answer.get(10, TimeUnit.SECONDS);
            executor.continueOperation(handle.requireId(), null, Duration.ofSeconds(10));
            assertThat(active(registry, "working")).isZero();
            assertThat(active(registry, "queued")).isZero();
            assertThat(gauge(registry, "async.mcp.waiting")).isZero();
            assertThat(gauge(registry, "async.mcp.operations.retained")).isEqualTo(1);
        });
    }

    @Test
    void gaugesTellOperationsThatWaitForInputAndBodiesThatIgnoreTheirEnd() {
        contextRunner.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            CompletableFuture<Void> asked = new CompletableFuture<>();
            CompletableFuture<Void> stubborn = new CompletableFuture<>();
            Operation handle = executor.execute(
                    operation -> {
                        operation.requestInput("elicitation/create", null);
                        asked.complete(null);
                        return stubborn.join();
                    },
                    REPORT.withTimeout(Duration.ZERO));
            asked.get(10, TimeUnit.SECONDS);
            assertThat(active(registry, "input_required")).isEqualTo(1);

            executor.cancel(handle.requireId(), null);
            assertThat(active(registry, "input_required")).isZero();
            assertThat(active(registry, "abandoned")).isEqualTo(1);
            stubborn.complete(null);
        });
    }

    @Test
    void operationsAreTimedByToolAndOutcome() {
        contextRunner.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            MeterRegistry registry = context.getBean(MeterRegistry.class);
            new HeldBody().finish(executor, REPORT);
            new HeldBody(operation -> {
                        throw new IllegalStateException("no paper");
                    })
                    .finish(executor, REPORT);
            Operation handle = new HeldBody().promote(executor, REPORT);
            executor.cancel(handle.requireId(), null);

            assertThat(ended(registry, "completed").count()).isEqualTo(1);
            assertThat(ended(registry, "completed").totalTime(TimeUnit.NANOSECONDS))
                    .isPositive();
            assertThat(ended(registry, "failed").count()).isEqualTo(1);
            assertThat(ended(registry, "cancelled").count()).isEqualTo(1);
            assertThat(count(registry, "async.mcp.answered.in.time")).isEqualTo(2);
            assertThat(count(registry, "async.mcp.promotions")).isEqualTo(1);
        });
    }

    @Test
    void joinedCallsAndRejectedCallsAreCounted() {
        contextRunner
                .withPropertyValues("async.mcp.limits.max-running=1", "async.mcp.limits.max-queued=0")
                .run(context -> {
                    AsyncExecutor executor = context.getBean(AsyncExecutor.class);
                    MeterRegistry registry = context.getBean(MeterRegistry.class);
                    HeldBody leader = new HeldBody();
                    ExecuteOptions shared = REPORT.withSingleFlightKey("same");
                    leader.start(executor, shared);
                    executor.executeAsync(new HeldBody(), shared);
                    assertThatExceptionOfType(OperationRejectedException.class)
                            .isThrownBy(() -> executor.executeAsync(new HeldBody(), REPORT));
                    leader.release();

                    assertThat(count(registry, "async.mcp.joined")).isEqualTo(1);
                    assertThat(registry.get("async.mcp.rejections")
                                    .tags("tool", "report", "limit", "total")
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void expirationsAreCounted() {
        contextRunner.run(context -> {
            context.getBean(OperationMetrics.class).expired(3);
            assertThat(context.getBean(MeterRegistry.class)
                            .get("async.mcp.expirations")
                            .counter()
                            .count())
                    .isEqualTo(3);
        });
    }

    @Test
    void everyMeterIsDescribedAndNoTagNamesAnOperationOrItsOwner() {
        contextRunner.run(context -> {
            AsyncExecutor executor = context.getBean(AsyncExecutor.class);
            HeldBody body = new HeldBody();
            body.promote(executor, REPORT.withOwner(OperationOwner.principal("somebody")));
            body.release();

            List<Meter> meters = context.getBean(MeterRegistry.class).getMeters().stream()
                    .filter(meter -> meter.getId().getName().startsWith("async.mcp."))
                    .toList();
            assertThat(meters).hasSize(19).allSatisfy(meter -> {
                assertThat(meter.getId().getDescription()).isNotBlank();
                assertThat(meter.getId().getBaseUnit()).isNotBlank();
                assertThat(meter.getId().getTags())
                        .extracting(Tag::getKey)
                        .isSubsetOf("tool", "outcome", "state", "limit");
                assertThat(meter.getId().getTags())
                        .filteredOn(tag -> tag.getKey().equals("tool"))
                        .allMatch(tag -> tag.getValue().equals("report"));
            });
        });
    }

    @Test
    void unknownIsNotANumber() {
        MeterRegistry registry = new SimpleMeterRegistry();
        new ExecutorMetrics(
                        () -> {
                            throw new IllegalStateException("the store is away");
                        },
                        () -> new ResultMemory(0, 0))
                .bindTo(registry);
        assertThat(gauge(registry, "async.mcp.waiting")).isNaN();
    }

    private static double active(MeterRegistry registry, String state) {
        return registry.get("async.mcp.operations.active")
                .tag("state", state)
                .gauge()
                .value();
    }

    private static double gauge(MeterRegistry registry, String name) {
        return registry.get(name).gauge().value();
    }

    private static Timer ended(MeterRegistry registry, String outcome) {
        return registry.get("async.mcp.operations")
                .tags("tool", "report", "outcome", outcome)
                .timer();
    }

    private static double count(MeterRegistry registry, String name) {
        return registry.get(name).tag("tool", "report").counter().count();
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnMetrics {

        static final MeterRegistry REGISTRY = new SimpleMeterRegistry();

        @Bean
        OperationMetrics ownOperationMetrics() {
            return new OperationMetrics(REGISTRY);
        }

        @Bean
        ExecutorMetrics ownExecutorMetrics() {
            return new ExecutorMetrics(() -> null, () -> null);
        }
    }
}
