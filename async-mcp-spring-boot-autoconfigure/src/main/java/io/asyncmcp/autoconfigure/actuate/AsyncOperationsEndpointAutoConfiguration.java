package io.asyncmcp.autoconfigure.actuate;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import java.time.Clock;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@code asyncoperations} endpoint.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = AsyncMcpAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(AsyncExecutor.class)
@ConditionalOnAvailableEndpoint(AsyncOperationsEndpoint.class)
public final class AsyncOperationsEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    AsyncOperationsEndpoint asyncOperationsEndpoint(AsyncExecutor executor) {
        return new AsyncOperationsEndpoint(executor, Clock.systemUTC());
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(AsyncOperationsEndpoint.class)
    @ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
    AsyncOperationsEndpointWebExtension asyncOperationsEndpointWebExtension(AsyncOperationsEndpoint endpoint) {
        return new AsyncOperationsEndpointWebExtension(endpoint);
    }
}
