package io.asyncmcp.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.asyncmcp.autoconfigure.operations.HeldBody;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class AsyncMcpHealthAutoConfigurationTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    HealthContributorRegistryAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    AsyncMcpAutoConfiguration.class,
                    AsyncMcpHealthAutoConfiguration.class))
            .withPropertyValues("async.mcp.shutdown-timeout=0s");

    @Test
    void isUpByDefault() {
        contextRunner.run(context -> {
            assertThat(context.getBean(HealthContributorRegistry.class).getContributor("asyncMcp"))
                    .isInstanceOf(AsyncMcpHealthIndicator.class);
            Health health = context.getBean(AsyncMcpHealthIndicator.class).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsOnlyKeys(
                            "queued",
                            "working",
                            "inputRequired",
                            "abandoned",
                            "waiting",
                            "retained",
                            "maxRunning",
                            "maxQueued");
        });
    }

    @Test
    void isUpWhenFull() {
        contextRunner
                .withPropertyValues("async.mcp.limits.max-running=1", "async.mcp.limits.max-queued=1")
                .run(context -> {
                    AsyncExecutor executor = context.getBean(AsyncExecutor.class);
                    ExecuteOptions options = ExecuteOptions.ofType("report");
                    new HeldBody().start(executor, options);
                    executor.executeAsync(new HeldBody(), options);
                    Health health =
                            context.getBean(AsyncMcpHealthIndicator.class).health();
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("working", 1)
                            .containsEntry("maxRunning", 1)
                            .containsEntry("queued", 1)
                            .containsEntry("maxQueued", 1)
                            .containsEntry("waiting", 2);
                });
    }

    @Test
    void isOutOfServiceOnceTheApplicationShutsDown() {
        contextRunner.run(context -> {
            AsyncMcpHealthIndicator indicator = context.getBean(AsyncMcpHealthIndicator.class);
            context.close();
            assertThat(indicator.health().getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
        });
    }

    static List<Throwable> faults() {
        return List.of(
                new IllegalStateException("the store is away"),
                new NoClassDefFoundError("the store is away"),
                new SQLException("the store is away"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isDownWhenTheStoreCannotBeAsked(Throwable fault) {
        AsyncExecutor executor = mock(AsyncExecutor.class);
        when(executor.statistics()).thenAnswer(call -> {
            throw fault;
        });
        assertThat(new AsyncMcpHealthIndicator(executor, Limits.DEFAULTS, () -> false)
                        .health()
                        .getStatus())
                .isEqualTo(Status.DOWN);
    }

    @Test
    void backsOffWhenSwitchedOff() {
        contextRunner
                .withPropertyValues("management.health.async-mcp.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(AsyncMcpHealthIndicator.class));
    }

    @Test
    void backsOffWhenAllHealthIsSwitchedOff() {
        contextRunner
                .withPropertyValues("management.health.defaults.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(AsyncMcpHealthIndicator.class));
    }

    @Test
    void backsOffWithoutAnExecutor() {
        contextRunner
                .withPropertyValues("async.mcp.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(AsyncMcpHealthIndicator.class));
    }

    @Test
    void backsOffWithoutHealth() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(AsyncMcpAutoConfiguration.class, AsyncMcpHealthAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(Health.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("asyncMcpHealthIndicator"));
    }

    @Test
    void backsOffForTheUsersIndicator() {
        contextRunner
                .withBean(
                        "asyncMcpHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.up().build())
                .run(context -> assertThat(context)
                        .hasBean("asyncMcpHealthIndicator")
                        .doesNotHaveBean(AsyncMcpHealthIndicator.class));
    }
}
