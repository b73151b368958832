package io.asyncmcp.autoconfigure.observation;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Auto-configuration of the observations.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = {AsyncMcpAutoConfiguration.class, ObservationAutoConfiguration.class})
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({AsyncExecutor.class, ObservationRegistry.class})
@ConditionalOnBooleanProperty(name = "async.mcp.observations.enabled", matchIfMissing = true)
public final class AsyncMcpObservationAutoConfiguration {

    /** First, and so innermost: an interceptor around it that restores the caller's context must not hide it. */
    @Bean
    @ConditionalOnMissingBean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    ObservingInterceptor asyncMcpObservingInterceptor(
            ObservationRegistry registry, ObjectProvider<OperationObservationConvention> convention) {
        return new ObservingInterceptor(registry, convention.getIfAvailable());
    }
}
