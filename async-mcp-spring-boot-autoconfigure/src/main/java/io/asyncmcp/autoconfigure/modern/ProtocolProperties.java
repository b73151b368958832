package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.server.modern.ModernSettings.CacheScope;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * Properties of protocol 2026-07-28.
 *
 * @param enabled Whether clients of protocol 2026-07-28 are served.
 * @param requestStateTtl How long a client may take to come back with an answer, before it has a task.
 * @param listTtl How long clients may take lists, and what the server says of itself, to be fresh.
 * @param resourceTtl How long clients may take a resource that they have read to be fresh.
 * @param cacheScope Who may share what is cached: "private" for requests with the same authorization, "public" for everybody.
 * @since 0.1.0
 */
@ConfigurationProperties("async.mcp.protocol")
public record ProtocolProperties(
        @DefaultValue("true") boolean enabled,

        @DefaultValue("10m") @DurationUnit(ChronoUnit.SECONDS)
        Duration requestStateTtl,

        @DefaultValue("1m") @DurationUnit(ChronoUnit.SECONDS)
        Duration listTtl,

        @DefaultValue("0s") @DurationUnit(ChronoUnit.SECONDS)
        Duration resourceTtl,

        @DefaultValue("private") CacheScope cacheScope) {

    public ProtocolProperties {
        require("request-state-ttl must be positive", requestStateTtl, !requestStateTtl.isZero());
        require("list-ttl must not be negative", listTtl, true);
        require("resource-ttl must not be negative", resourceTtl, true);
    }

    private static void require(String rule, Duration value, boolean kept) {
        if (value.isNegative() || !kept) {
            throw new IllegalArgumentException("async.mcp.protocol." + rule + ", but was " + value);
        }
    }
}
