package io.asyncmcp.sample.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FractalWorkTests {

    /** What the small picture of the measurement asks of one of its points. */
    private static final double MEASURED_ITERATIONS = 100_000;

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 1, 3})
    void bigPictureTakesTheTimeWanted(double measured) {
        Map<String, Object> settings = FractalWork.lasting(40, measured);

        int supersampling = (int) settings.get("supersampling");
        int iterations = (int) settings.get("maxIterations");
        double expected = measured * 25 * supersampling * supersampling * iterations / MEASURED_ITERATIONS;
        assertThat(expected).isCloseTo(40, within(0.1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-6, 1e6})
    void settingsStayWithinWhatTheToolTakes(double measured) {
        Map<String, Object> settings = FractalWork.lasting(40, measured);

        assertThat((int) settings.get("supersampling")).isBetween(1, 8);
        assertThat((int) settings.get("maxIterations")).isBetween(1, 100_000);
    }
}
