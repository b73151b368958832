package io.asyncmcp.benchmarks;

import java.util.Collections;
import java.util.List;

/**
 * What the runs came to for one number.
 *
 * @param values one of each run
 */
record Sample(List<Double> values) {

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double max() {
        return Collections.max(values);
    }

    /** The median, the least and the most. */
    String text(String unit) {
        return Numbers.text(median()) + (unit.isEmpty() ? "" : " " + unit) + " ("
                + Numbers.text(Collections.min(values)) + " to " + Numbers.text(max()) + ")";
    }
}
