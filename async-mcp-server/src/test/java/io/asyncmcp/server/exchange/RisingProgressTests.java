package io.asyncmcp.server.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.Progress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RisingProgressTests {

    private final RisingProgress progress = new RisingProgress();

    private @Nullable Progress report(double value) {
        return progress.report(new Progress(value, 10.0, "at " + value));
    }

    @Test
    void reportsStayAsTheyAreWithoutASignOfLife() {
        assertThat(report(5)).isEqualTo(new Progress(5, 10.0, "at 5.0"));
        assertThat(report(5)).as("sent already").isNull();
        assertThat(report(3)).isEqualTo(new Progress(3, 10.0, "at 3.0"));
    }

    @Test
    void reportThatIsNotLargerThanASignOfLifeIsRaised() {
        progress.signOfLife();
        progress.signOfLife();
        assertThat(report(0)).isEqualTo(new Progress(2e-6, 10.0, "at 0.0"));
        assertThat(report(5)).isEqualTo(new Progress(5, 10.0, "at 5.0"));
        assertThat(report(3)).isEqualTo(new Progress(5.000001, 10.0, "at 3.0"));
        assertThat(report(6)).isEqualTo(new Progress(6, 10.0, "at 6.0"));
    }

    @Test
    void signOfLifeSaysWhatTheToolSaidLast() {
        report(5);
        report(3);
        assertThat(progress.signOfLife()).isEqualTo(new Progress(3.000001, 10.0, "at 3.0"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-5, -1e-300, 0, 1e-300, 1, 1e10, 1e300})
    void valuesIncreaseWhateverTheirSize(double value) {
        List<Double> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sent.add(report(value).progress());
            sent.add(progress.signOfLife().progress());
            progress.report(new Progress(value, null, null));
        }
        assertThat(sent).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void nothingIsSaidThatIsNoNumber() {
        report(Double.MAX_VALUE);
        assertThat(progress.signOfLife()).isNull();
        assertThat(report(1)).isNull();
    }
}
