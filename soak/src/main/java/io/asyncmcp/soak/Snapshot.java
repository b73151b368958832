package io.asyncmcp.soak;

import java.util.Map;

/**
 * The server at one moment.
 *
 * @param meters its meters
 * @param memory what lives after a full collection
 */
record Snapshot(Meters meters, Memory memory) {

    /**
     * What lives in memory.
     *
     * @param bytes how much it is
     * @param threads platform threads by the beginning of their names
     * @param instances instances of the library's classes
     */
    record Memory(long bytes, Map<String, Integer> threads, Map<String, Integer> instances) {

        int allInstances() {
            return instances.values().stream().mapToInt(Integer::intValue).sum();
        }
    }
}
