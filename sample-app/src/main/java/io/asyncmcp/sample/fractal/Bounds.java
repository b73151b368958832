package io.asyncmcp.sample.fractal;

/** Says which argument is out of bounds, by how much, and what to give instead. */
final class Bounds {

    private Bounds() {}

    static void check(String name, int value, int min, int max, String remedy) {
        if (value < min || value > max) {
            throw outOfBounds(name, Integer.toString(value), Integer.toString(min), Integer.toString(max), remedy);
        }
    }

    static void check(String name, double value, double min, double max, String remedy) {
        // Written so that NaN is out of bounds too.
        if (!(value >= min && value <= max)) {
            throw outOfBounds(name, Double.toString(value), Double.toString(min), Double.toString(max), remedy);
        }
    }

    private static IllegalArgumentException outOfBounds(
            String name, String value, String min, String max, String remedy) {
        return new IllegalArgumentException(
                name + " must be from " + min + " to " + max + ", but was " + value + "; " + remedy);
    }
}
