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
        /** There is none: the number explains another. */
        NONE
    }

    public static final Target NONE = new Target(Kind.NONE, 0);

    public static Target ratioAtLeast(double limit) {
        return new Target(Kind.RATIO_AT_LEAST, limit);
    }

    public static Target ratioAtMost(double limit) {
        return new Target(Kind.RATIO_AT_MOST, limit);
    }

    public static Target excessAtMost(double limit) {
        return new Target(Kind.EXCESS_AT_MOST, limit);
    }

    /** What of a comparison is held against the limit, and shown. */
    double score(double value, double baseline) {
        return kind == Kind.EXCESS_AT_MOST ? value - baseline : value / baseline;
    }

    boolean isMetBy(double score) {
        return switch (kind) {
            case RATIO_AT_LEAST -> score >= limit;
            case RATIO_AT_MOST, EXCESS_AT_MOST -> score <= limit;
            case NONE -> true;
        };
    }

    /** How it reads in a table. */
    String text(String unit) {
        return switch (kind) {
            case RATIO_AT_LEAST -> String.format(Locale.ROOT, "at least %.2f", limit);
            case RATIO_AT_MOST -> String.format(Locale.ROOT, "at most %.2f", limit);
            case EXCESS_AT_MOST -> String.format(Locale.ROOT, "at most %s %s more", Numbers.text(limit), unit);
            case NONE -> "";
        };
    }
}
