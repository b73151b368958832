package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationInterceptor;
import io.asyncmcp.OperationListener;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.ContextPropagation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class AsyncMcpAutoConfigurationTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(AsyncMcpAutoConfiguration.class));

    private static ExecuteOptions options() {
        return ExecuteOptions.ofType("test").withOwner(OperationOwner.principal("alice"));
    }

    @Test
    void thereByDefault() {
        runner.run(context -> {
            assertThat(context)
                    .hasSingleBean(AsyncExecutor.class)
                    .hasSingleBean(ContextPropagation.class)
                    .hasSingleBean(OperationsLifecycle.class);
            assertThat(context.getBean(ExecutorConfig.class)).isEqualTo(ExecutorConfig.DEFAULTS);
        });
    }

    @Test
    void doesNotNeedAnMcpServer() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.ai.mcp.server"))
                .run(context -> assertThat(context).hasSingleBean(AsyncExecutor.class));
    }

    @Test
    void offByProperty() {
        runner.withPropertyValues("async.mcp.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(AsyncExecutor.class)
                        .doesNotHaveBean(AsyncMcpProperties.class));
    }

    @Test
    void backsOffForTheApplicationsExecutor() {
        AsyncExecutor own = AsyncExecutor.builder().build();
        runner.withBean("own", AsyncExecutor.class, () -> own)
                .run(context -> assertThat(context).getBean(AsyncExecutor.class).isSameAs(own));
    }

    @Test
    void backsOffForTheApplicationsConfiguration() {
        ExecutorConfig own = ExecutorConfig.DEFAULTS.withMaxWait(Duration.ofSeconds(3));
        runner.withBean("own", ExecutorConfig.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(ExecutorConfig.class).isSameAs(own));
    }

    @Test
    void backsOffForTheApplicationsContextPropagation() {
        ContextPropagation own = new ContextPropagation();
        runner.withBean("own", ContextPropagation.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(ContextPropagation.class).isSameAs(own));
    }

    @Test
    void customizersAreCalledInOrder() {
        runner.withUserConfiguration(Customizers.class).run(context -> {
            assertThat(context.getBean(ExecutorConfig.class).maxWait()).isEqualTo(Duration.ofSeconds(6));
            assertThat(context.getBean(Customizers.class).called).containsExactly("first", "second");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Customizers {

        final List<String> called = new ArrayList<>();

        @Bean
        @Order(2)
        ExecutorConfigCustomizer doubling() {
            return config -> config.withMaxWait(config.maxWait().multipliedBy(2));
        }

        @Bean
        @Order(1)
        ExecutorConfigCustomizer three() {
            return config -> config.withMaxWait(Duration.ofSeconds(3));
        }

        @Bean
        @Order(2)
        AsyncExecutorBuilderCustomizer second() {
            return builder -> called.add("second");
        }

        @Bean
        @Order(1)
        AsyncExecutorBuilderCustomizer first() {
            return builder -> called.add("first");
        }
    }

    @Test
    void listenersAndInterceptorsOfTheApplicationTakePart() {
        runner.withUserConfiguration(Observers.class).run(context -> {
            List<String> seen = context.getBean(Observers.class).seen;
            Operation operation = context.getBean(AsyncExecutor.class).execute(operationContext -> "done", options());
            assertThat(operation.result()).isEqualTo("done");
            assertThat(seen).contains("intercepted", "started");
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class Observers {

        final List<String> seen = Collections.synchronizedList(new ArrayList<>());

        @Bean
        OperationListener listener() {
            return new OperationListener() {
                @Override
                public void started(Operation operation) {
                    seen.add("started");
                }
            };
        }

        @Bean
        OperationInterceptor interceptor() {
            return (body, options) -> {
                seen.add("intercepted");
                return body;
            };
        }
    }

    @Test
    void executorClosesWithTheContext() {
        AsyncExecutor[] executor = new AsyncExecutor[1];
        runner.run(context -> executor[0] = context.getBean(AsyncExecutor.class));
        assertThatThrownBy(() -> executor[0].execute(operationContext -> "late", options()))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void applicationsTaskExecutorIsStillAutoConfigured() {
        ContextRunners.webMvc()
                .withPropertyValues(ContextRunners.STREAMABLE)
                .withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
                .run(context -> assertThat(context)
                        .hasBean("applicationTaskExecutor")
                        .getBeans(Executor.class)
                        .containsOnlyKeys("applicationTaskExecutor"));
    }
}
