package io.asyncmcp.autoconfigure.metrics;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationListener;
import io.asyncmcp.OperationRejectedException.Limit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Counts and times what happens to operations.
 *
 * <p>A tool's meters are made at its first event and kept: an event costs one look-up. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OperationMetrics implements OperationListener {

    private final MeterRegistry registry;

    private final Counter expirations;

    private final ConcurrentMap<String, ToolMeters> meters = new ConcurrentHashMap<>();

    /**
     * Creates the listener.
     *
     * @param registry where the meters go
     */
    public OperationMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.expirations = Counter.builder("async.mcp.expirations")
                .description("Ended operations that have left their retention")
                .baseUnit("operations")
                .register(registry);
    }

    @Override
    public void promoted(Operation operation) {
        metersOf(operation.type()).promoted();
    }

    @Override
    public void ended(Operation operation) {
        metersOf(operation.type()).ended(operation);
    }

    @Override
    public void rejected(String type, Limit limit) {
        metersOf(type).rejected(limit);
    }

    @Override
    public void joined(Operation operation) {
        metersOf(operation.type()).joined();
    }

    @Override
    public void expired(int count) {
        expirations.increment(count);
    }

    private ToolMeters metersOf(String tool) {
        ToolMeters present = meters.get(tool);
        return present == null ? meters.computeIfAbsent(tool, name -> new ToolMeters(registry, name)) : present;
    }
}
