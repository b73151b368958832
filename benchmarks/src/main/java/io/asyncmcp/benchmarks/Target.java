package io.asyncmcp.benchmarks;

import java.util.Locale;

/**
 * What a comparison is to come to.
 *
 * @param kind of what there is a limit
 * @param limit the limit
 */
public record Target(Kind kind, double limit) {

    /** Of what there is a limit. */
    public enum Kind {
        /** The ratio to the baseline is at least this. */
        RATIO_AT_LEAST,
        /** The ratio to the baseline is at most this. */
        RATIO_AT_MOST,
        /** It exceeds the baseline by at most this, in its own unit. */
        EXCESS_AT_MOST,
        /** In no run does it exceed the baseline of that run by more than this, in its own unit. */
        NEVER_IN_EXCESS_OF,
        /** It is no more than the baseline came to in one of the runs. */
        WITHIN_SPREAD,
        /** There is none: the number explains another. */
        NONE
    }

    public static final Target NONE = new Target(Kind.NONE, 0);

    public static final Target WITHIN_SPREAD = new Target(Kind.WITHIN_SPREAD, 0);

    public static Target ratioAtLeast(double limit) {
        return new Target(Kind.RATIO_AT_LEAST, limit);
    }

    public static Target ratioAtMost(double limit) {
        return new Target(Kind.RATIO_AT_MOST, limit);
    }

    public static Target excessAtMost(double limit) {
        return new Target(Kind.EXCESS_AT_MOST, limit);
    }

    public static Target neverInExcessOf(double limit) {
        return new Target(Kind.NEVER_IN_EXCESS_OF, limit);
    }

    /** What of a comparison is held against the limit, and shown. */
    double score(double value, double baseline) {
        return switch (kind) {
            case EXCESS_AT_MOST, NEVER_IN_EXCESS_OF, WITHIN_SPREAD -> value - baseline;
            case RATIO_AT_LEAST, RATIO_AT_MOST, NONE -> value / baseline;
        };
    }

    /** Judges the median of all runs or, where it says never, the worst. */
    boolean isMetBy(Sample scores, Sample values, Sample baselines) {
        return switch (kind) {
            case RATIO_AT_LEAST -> scores.median() >= limit;
            case RATIO_AT_MOST, EXCESS_AT_MOST -> scores.median() <= limit;
            case NEVER_IN_EXCESS_OF -> scores.max() <= limit;
            case WITHIN_SPREAD -> values.median() <= baselines.max();
            case NONE -> true;
        };
    }

    /** How it reads in a table. */
    String text(String unit) {
        return switch (kind) {
            case RATIO_AT_LEAST -> String.format(Locale.ROOT, "at least %.2f", limit);
            case RATIO_AT_MOST -> String.format(Locale.ROOT, "at most %.2f", limit);
            case EXCESS_AT_MOST -> String.format(Locale.ROOT, "at most %s %s more", Numbers.text(limit), unit);
            case NEVER_IN_EXCESS_OF -> String.format(Locale.ROOT, "never over %s %s more", Numbers.text(limit), unit);
            case WITHIN_SPREAD -> "no more than the baseline's most";
            case NONE -> "";
        };
    }
}
