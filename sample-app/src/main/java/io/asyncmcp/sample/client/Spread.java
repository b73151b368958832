package io.asyncmcp.sample.client;

import java.util.Collection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The middle of some measurements and how far they lie apart.
 *
 * @param median half of them are no larger and half no smaller; with an even number, the mean of the two in the middle
 * @param min the smallest
 * @param max the largest
 */
record Spread(double median, double min, double max) {

    static <T> Spread of(Collection<T> measured, ToDoubleFunction<? super T> value) {
        double[] ascending = measured.stream().mapToDouble(value).sorted().toArray();
        int count = ascending.length;
        if (count == 0) {
            throw new IllegalArgumentException("a spread must have a measurement, but there was none");
        }
        double median = (ascending[(count - 1) / 2] + ascending[count / 2]) / 2;
        return new Spread(median, ascending[0], ascending[count - 1]);
    }

    /** Writes it for a table, in columns of equal width. */
    String columns(int decimals) {
        String number = "%10." + decimals + "f";
        return String.format(Locale.ROOT, number + number + number, median, min, max);
    }
}
