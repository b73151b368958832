package io.asyncmcp.autoconfigure.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.modern.ModernSettings.CacheScope;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ProtocolPropertiesTests {

    private static ProtocolProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("async.mcp.protocol", ProtocolProperties.class);
    }

    @Test
    void defaults() {
        ProtocolProperties defaults = bind(Map.of());
        assertThat(defaults.enabled()).isTrue();
        assertThat(defaults.requestStateTtl()).isEqualTo(Duration.ofMinutes(10));
        assertThat(defaults.listTtl()).isEqualTo(Duration.ofMinutes(1));
        assertThat(defaults.resourceTtl()).isZero();
        assertThat(defaults.cacheScope()).isEqualTo(CacheScope.PRIVATE);
    }

    @Test
    void everyPropertyBinds() {
        assertThat(bind(Map.of(
                        "async.mcp.protocol.enabled", "false",
                        "async.mcp.protocol.request-state-ttl", "1m",
                        "async.mcp.protocol.list-ttl", "3h",
                        "async.mcp.protocol.resource-ttl", "PT4S",
                        "async.mcp.protocol.cache-scope", "public")))
                .isEqualTo(new ProtocolProperties(
                        false, Duration.ofMinutes(1), Duration.ofHours(3), Duration.ofSeconds(4), CacheScope.PUBLIC));
    }

    @Test
    void numberWithoutUnitIsSeconds() {
        ProtocolProperties properties = bind(Map.of(
                "async.mcp.protocol.request-state-ttl", "1",
                "async.mcp.protocol.list-ttl", "3",
                "async.mcp.protocol.resource-ttl", "4"));
        assertThat(properties.requestStateTtl()).isEqualTo(Duration.ofSeconds(1));
        assertThat(properties.listTtl()).isEqualTo(Duration.ofSeconds(3));
        assertThat(properties.resourceTtl()).isEqualTo(Duration.ofSeconds(4));
    }
}
