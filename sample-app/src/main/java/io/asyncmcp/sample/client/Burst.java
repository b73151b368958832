package io.asyncmcp.sample.client;

import java.util.stream.LongStream;

/** What came of calling one tool for a while. */
final class Burst {

    private static final double NANOS_PER_MILLI = 1e6;

    private static final double NANOS_PER_SECOND = 1e9;

    private final long[] ascending;

    private final long elapsed;

    /**
     * Creates it.
     *
     * @param latencies how long each call took, in nanoseconds and in any order
     * @param elapsed how long all of them took together, in nanoseconds
     */
    Burst(long[] latencies, long elapsed) {
        if (latencies.length == 0 || elapsed <= 0) {
            throw new IllegalArgumentException("a burst must have calls and take time, but there were "
                    + latencies.length + " calls in " + elapsed + " ns; give it longer");
        }
        this.ascending = LongStream.of(latencies).sorted().toArray();
        this.elapsed = elapsed;
    }

    int calls() {
        return ascending.length;
    }

    /** Returns how many calls were answered in a second. */
    double throughput() {
        return ascending.length * NANOS_PER_SECOND / elapsed;
    }

    /**
     * Returns the latency that a share of the calls did not exceed: one that was measured, never one in between.
     *
     * @param percent the share, above 0 and up to 100
     * @return milliseconds
     */
    double percentile(double percent) {
        int rank = (int) Math.ceil(percent / 100 * ascending.length);
        return ascending[Math.max(1, rank) - 1] / NANOS_PER_MILLI;
    }
}
