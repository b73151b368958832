package io.asyncmcp.autoconfigure.metrics;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meters.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = {
            AsyncMcpAutoConfiguration.class,
            MetricsAutoConfiguration.class,
            CompositeMeterRegistryAutoConfiguration.class
        })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({AsyncExecutor.class, MeterRegistry.class})
@ConditionalOnBooleanProperty(name = "async.mcp.metrics.enabled", matchIfMissing = true)
public final class AsyncMcpMetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    OperationMetrics asyncMcpOperationMetrics(MeterRegistry registry) {
        return new OperationMetrics(registry);
    }

    /** Looks the executor up late: its listeners need the registry, and the registry's binders come from here. */
    @Bean
    @ConditionalOnMissingBean
    ExecutorMetrics asyncMcpExecutorMetrics(ObjectProvider<AsyncExecutor> executor) {
        return new ExecutorMetrics(
                () -> executor.getObject().statistics(),
                () -> executor.getObject().resultMemory());
    }
}
