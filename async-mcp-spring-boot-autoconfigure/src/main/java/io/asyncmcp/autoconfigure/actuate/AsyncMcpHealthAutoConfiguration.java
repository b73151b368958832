package io.asyncmcp.autoconfigure.actuate;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of health.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = AsyncMcpAutoConfiguration.class, before = HealthContributorAutoConfiguration.class)
@ConditionalOnClass({Health.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(AsyncExecutor.class)
@ConditionalOnEnabledHealthIndicator("async-mcp")
public final class AsyncMcpHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"asyncMcpHealthIndicator", "asyncMcpHealthContributor"})
    AsyncMcpHealthIndicator asyncMcpHealthIndicator(
            AsyncExecutor executor, ObjectProvider<ExecutorConfig> config, ConfigurableApplicationContext application) {
        ExecutorConfig known = config.getIfUnique();
        return new AsyncMcpHealthIndicator(executor, known == null ? null : known.limits(), application::isClosed);
    }
}
