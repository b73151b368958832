package io.asyncmcp.autoconfigure;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.AsyncExecutorBuilder;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationInterceptor;
import io.asyncmcp.OperationListener;
import io.asyncmcp.server.ContextPropagation;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for the executor of long-running operations.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnProperty(prefix = "async.mcp", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(AsyncMcpProperties.class)
public final class AsyncMcpAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    ExecutorConfig asyncMcpExecutorConfig(
            AsyncMcpProperties properties, ObjectProvider<ExecutorConfigCustomizer> customizers) {
        ExecutorConfig config = properties.toExecutorConfig();
        for (ExecutorConfigCustomizer customizer : customizers.orderedStream().toList()) {
            config = customizer.customize(config);
        }
        return config;
    }

    @Bean
    @ConditionalOnMissingBean
    ContextPropagation asyncMcpContextPropagation() {
        return new ContextPropagation();
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    AsyncExecutor asyncMcpExecutor(
            AsyncMcpProperties properties,
            ExecutorConfig config,
            ObjectProvider<OperationListener> listeners,
            ObjectProvider<OperationInterceptor> interceptors,
            ObjectProvider<AsyncExecutorBuilderCustomizer> customizers,
            Environment environment) {
        AsyncExecutorBuilder builder =
                AsyncExecutor.builder().config(config).threadKind(properties.threadKind(environment));
        listeners.orderedStream().forEach(builder::listener);
        interceptors.orderedStream().forEach(builder::interceptor);
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        return builder.build();
    }

    @Bean
    @ConditionalOnMissingBean
    OperationsLifecycle asyncMcpLifecycle(AsyncExecutor executor, AsyncMcpProperties properties) {
        return new OperationsLifecycle(executor, properties.shutdownTimeout());
    }
}
