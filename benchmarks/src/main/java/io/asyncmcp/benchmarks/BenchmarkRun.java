package io.asyncmcp.benchmarks;

import java.util.List;

/** A benchmark that measures once, and is run several times. */
public interface BenchmarkRun {

    /**
     * Measures once, the baseline and the starter.
     *
     * @param number the number of the run, from 0; every other run begins with the baseline
     * @param quick whether to look only that it works, and to be quick about it
     * @return the same comparisons in the same order in every run
     * @throws Exception if it cannot be measured
     */
    List<Comparison> run(int number, boolean quick) throws Exception;
}
