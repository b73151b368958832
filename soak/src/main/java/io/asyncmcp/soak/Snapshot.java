package io.asyncmcp.soak;

import java.util.Map;

/**
 * The server at one moment.
 *
 * @param meters its meters, by names such as {@code async.mcp.operations{outcome=failed,tool=slow}}
 * @param memory what lives after a full collection
 */
record Snapshot(Map<String, Double> meters, Memory memory) {

    /**
     * What lives in memory.
     *
     * @param bytes how much it is
     * @param threads platform threads by the beginning of their names
     * @param instances instances of the library's classes
     */
    record Memory(long bytes, Map<String, Integer> threads, Map<String, Integer> instances) {}

    double threads() {
        return meters.getOrDefault("jvm.threads.live{}", Double.NaN);
    }

    double files() {
        return meters.getOrDefault("process.files.open{}", Double.NaN);
    }
}
