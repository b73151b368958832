package io.asyncmcp.soak;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The server's meters at one moment.
 *
 * @param values by names such as {@code async.mcp.operations{outcome=failed,tool=slow}}
 */
record Meters(Map<String, Double> values) {

    /** All of them are zero when nobody wants anything and nothing is kept. */
    private static final List<String> GAUGES = List.of(
            "async.mcp.operations.active{",
            "async.mcp.operations.retained{",
            "async.mcp.waiting{",
            "async.mcp.results.size{",
            "async.mcp.protocol.plain.active{",
            "async.mcp.protocol.subscriptions{");

    /** The sum of all whose names begin and end like this. */
    double sum(String prefix, String suffix) {
        return values.entrySet().stream()
                .filter(meter ->
                        meter.getKey().startsWith(prefix) && meter.getKey().endsWith(suffix))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    double sum(String prefix) {
        return sum(prefix, "");
    }

    Map<String, Double> gauges() {
        Map<String, Double> gauges = new TreeMap<>(values);
        gauges.keySet().removeIf(name -> GAUGES.stream().noneMatch(name::startsWith));
        return gauges;
    }

    /** Those that are not there under any of their names. */
    List<String> missing() {
        return GAUGES.stream()
                .filter(gauge -> values.keySet().stream().noneMatch(name -> name.startsWith(gauge)))
                .toList();
    }

    double threads() {
        return sum("jvm.threads.live{");
    }

    double files() {
        return sum("process.files.open{");
    }
}
