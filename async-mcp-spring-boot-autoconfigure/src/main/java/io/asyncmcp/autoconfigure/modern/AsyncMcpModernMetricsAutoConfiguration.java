package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.PlainWork;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the meters of protocol 2026-07-28.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = AsyncMcpModernAutoConfiguration.class)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(ModernFace.class)
public final class AsyncMcpModernMetricsAutoConfiguration {

    @Bean
    MeterBinder asyncMcpModernMeters(ModernFace face, PlainWork plain) {
        return registry -> {
            Gauge.builder("async.mcp.protocol.plain.active", plain, PlainWork::active)
                    .description("Requests for what is not asynchronous that run, or wait for an answer")
                    .baseUnit("requests")
                    .register(registry);
            Gauge.builder("async.mcp.protocol.subscriptions", face, ModernFace::subscriptions)
                    .description("Clients that listen")
                    .baseUnit("subscriptions")
                    .register(registry);
        };
    }
}
