package io.asyncmcp.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The comparisons of all runs of a benchmark, summed up as the rows of a table. */
final class Report {

    private final List<List<Comparison>> runs = new ArrayList<>();

    void add(List<Comparison> run) {
        runs.add(run);
    }

    static String header() {
        return """
                | what | baseline | measured | ratio or excess: median (min to max) | target | met |
                |---|---|---|---|---|---|
                """;
    }

    String rows() {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < runs.get(0).size(); i++) {
            rows.append(row(i)).append('\n');
        }
        return rows.toString();
    }

    private String row(int index) {
        Comparison first = runs.get(0).get(index);
        List<Double> scores = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        List<Double> baselines = new ArrayList<>();
        for (List<Comparison> run : runs) {
            Comparison comparison = run.get(index);
            scores.add(comparison.score());
            values.add(comparison.value());
            baselines.add(comparison.baseline());
        }
        double median = Numbers.median(scores);
        boolean targeted = first.target().kind() != Target.Kind.NONE;
        return "| %s | %s %s | %s %s | %s (%s to %s) | %s | %s |"
                .formatted(
                        first.what(),
                        Numbers.text(Numbers.median(baselines)),
                        first.unit(),
                        Numbers.text(Numbers.median(values)),
                        first.unit(),
                        Numbers.text(median),
                        Numbers.text(Collections.min(scores)),
                        Numbers.text(Collections.max(scores)),
                        first.target().text(first.unit()),
                        !targeted ? "" : first.target().isMetBy(median) ? "yes" : "**no**");
    }
}
