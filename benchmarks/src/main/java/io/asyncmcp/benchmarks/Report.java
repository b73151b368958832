package io.asyncmcp.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The comparisons of all runs of a benchmark, summed up as the rows of a table. */
final class Report {

    private final List<List<Comparison>> runs = new ArrayList<>();

    void add(List<Comparison> run) {
        runs.add(run);
    }

    static String header() {
        return """
                | what | baseline: median (min to max) | with the starter | ratio or excess | target | met |
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
        Sample scores = sample(index, Comparison::score);
        Sample values = sample(index, Comparison::value);
        Sample baselines = sample(index, Comparison::baseline);
        boolean targeted = first.target().kind() != Target.Kind.NONE;
        return "| %s | %s | %s | %s | %s | %s |"
                .formatted(
                        first.what(),
                        baselines.text(first.unit()),
                        values.text(first.unit()),
                        scores.text(""),
                        first.target().text(first.unit()),
                        !targeted ? "" : first.target().isMetBy(scores, values, baselines) ? "yes" : "**no**");
    }

    private Sample sample(int index, ToDoubleFunction<Comparison> number) {
        return new Sample(
                runs.stream().map(run -> number.applyAsDouble(run.get(index))).toList());
    }
}
