package io.asyncmcp.sample.client;

import java.util.HashMap;
import java.util.Map;

/** Finds settings that keep {@code render_fractal} busy for about as long as wanted, on a machine nobody knows. */
final class FractalWork {

    private static final int MAX_ITERATIONS = 100_000;

    private static final int MAX_SUPERSAMPLING = 8;

    /** The big picture has 25 times the pixels of the small one and shows the same part of the plane. */
    private static final int SIZE = 5;

    private final SampleClient client;

    FractalWork(SampleClient client) {
        this.client = client;
    }

    /** Renders a small picture twice, the first time to warm up, and returns how long the second took. */
    double measure() {
        render();
        long start = System.nanoTime();
        render();
        return (System.nanoTime() - start) / 1e9;
    }

    private void render() {
        client.callToTheEnd("render_fractal", arguments(1, 1, MAX_ITERATIONS));
    }

    /**
     * Works out what to ask for.
     *
     * @param measured how long the small picture took, in seconds
     * @param wanted how long the big one should take, in seconds
     */
    static Map<String, Object> lasting(double wanted, double measured) {
        double atFullIterations = measured * SIZE * SIZE;
        int supersampling = 1;
        while (supersampling < MAX_SUPERSAMPLING && atFullIterations * supersampling * supersampling < wanted) {
            supersampling++;
        }
        // Nearly all the time goes into the points inside the set, and there it grows with the iterations.
        double share = wanted / (atFullIterations * supersampling * supersampling);
        int iterations = (int) Math.min(MAX_ITERATIONS, Math.max(1000, MAX_ITERATIONS * share));
        return arguments(SIZE, supersampling, iterations);
    }

    private static Map<String, Object> arguments(int size, int supersampling, int iterations) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("width", 160 * size);
        arguments.put("height", 120 * size);
        arguments.put("supersampling", supersampling);
        arguments.put("maxIterations", iterations);
        arguments.put("palette", "FIRE");
        return arguments;
    }
}
