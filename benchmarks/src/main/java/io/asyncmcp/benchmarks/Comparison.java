package io.asyncmcp.benchmarks;

/**
 * One number of one run, beside the baseline's.
 *
 * @param what what was measured
 * @param unit its unit
 * @param value what was measured with the starter
 * @param baseline what was measured without
 * @param target what they are to come to
 */
public record Comparison(String what, String unit, double value, double baseline, Target target) {

    double score() {
        return target.score(value, baseline);
    }
}
