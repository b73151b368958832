package io.asyncmcp.soak.server;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.stereotype.Component;

/** Shows the meters of one moment together, what lives in memory after a full collection, and the ledger. */
@Component
@Endpoint(id = "soak")
class SoakEndpoint {

    private static final List<Statistic> SHOWN = List.of(Statistic.COUNT, Statistic.VALUE);

    private final MeterRegistry registry;

    private final Ledger ledger;

    SoakEndpoint(MeterRegistry registry, Ledger ledger) {
        this.registry = registry;
        this.ledger = ledger;
    }

    @ReadOperation
    Object read(@Selector String what) {
        return switch (what) {
            case "meters" -> meters();
            case "memory" -> LiveObjects.count();
            case "ledger" -> ledger.drain();
            default -> throw new IllegalArgumentException("there are meters, memory and ledger, but not " + what);
        };
    }

    /** Names as {@code async.mcp.operations{outcome=failed,tool=slow}}. */
    private Map<String, Double> meters() {
        Map<String, Double> values = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            for (Measurement measurement : meter.measure()) {
                if (SHOWN.contains(measurement.getStatistic())) {
                    values.put(name(meter.getId()), measurement.getValue());
                }
            }
        }
        return values;
    }

    private static String name(Meter.Id id) {
        Map<String, String> tags = new TreeMap<>();
        id.getTags().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        return id.getName() + tags.toString().replace(", ", ",");
    }
}
