package io.asyncmcp.soak.server;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Counts starts, which the library's own meters do not: they count ends. */
@Component
class StartCounter implements OperationListener {

    private final ObjectProvider<MeterRegistry> registry;

    StartCounter(ObjectProvider<MeterRegistry> registry) {
        this.registry = registry;
    }

    @Override
    public void started(Operation operation) {
        Counter.builder("soak.started")
                .tag("tool", operation.type())
                .register(registry.getObject())
                .increment();
    }
}
