package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RequestPropertiesTests {

    private static int maxBytes(Map<String, String> properties) {
        Binder binder = new Binder(new MapConfigurationPropertySource(properties));
        AsyncMcpProperties.Limits limits =
                binder.bindOrCreate("async.mcp", AsyncMcpProperties.class).limits();
        return binder.bindOrCreate("async.mcp.limits", RequestProperties.class)
                .toRequestBodies(limits, 200)
                .maxBytes();
    }

    @Test
    void byDefaultABodyHasTheArgumentsAndSomethingAroundThem() {
        assertThat(maxBytes(Map.of())).isEqualTo((1024 + 64) * 1024);
        assertThat(maxBytes(Map.of("async.mcp.limits.max-argument-size", "2MB")))
                .isEqualTo((2048 + 64) * 1024);
        assertThat(maxBytes(Map.of("async.mcp.limits.max-argument-size", "100GB")))
                .isEqualTo(Integer.MAX_VALUE - 16);
    }

    @Test
    void settingsTakeThePlaceOfDefaults() {
        assertThat(maxBytes(Map.of(
                        "async.mcp.limits.max-request-size", "10KB", "async.mcp.limits.max-request-memory", "40KB")))
                .isEqualTo(10 * 1024);
    }

    @Test
    void badValuesAreNamed() {
        assertThatThrownBy(() -> maxBytes(Map.of("async.mcp.limits.max-request-size", "0B")))
                .hasRootCauseMessage("async.mcp.limits.max-request-size must be at least 1 byte, but was 0B");
        assertThatThrownBy(() -> maxBytes(Map.of("async.mcp.limits.max-request-memory", "-1B")))
                .hasRootCauseMessage("async.mcp.limits.max-request-memory must be at least 1 byte, but was -1B");
        assertThatThrownBy(() -> maxBytes(Map.of("async.mcp.limits.max-request-memory", "1MB")))
                .hasMessageContaining("async.mcp.limits.max-request-memory must be at least 4 times max-request-size")
                .hasMessageContaining("1048576B");
    }
}
