package io.asyncmcp.benchmarks;

import java.util.Locale;

/** How numbers are written. */
final class Numbers {

    private Numbers() {}

    /** Three digits that count, and no more. */
    static String text(double value) {
        double size = Math.abs(value);
        String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }
}
