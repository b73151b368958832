package io.asyncmcp.sample.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTests {

    @Test
    void medianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Spread.of(List.of(9, 1, 2), Integer::doubleValue)).isEqualTo(new Spread(2, 1, 9));
    }

    @Test
    void medianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(9, 1, 2, 3), Integer::doubleValue)).isEqualTo(new Spread(2.5, 1, 9));
    }

    @Test
    void oneMeasurementIsAllOfThem() {
        assertThat(Spread.of(List.of(4), Integer::doubleValue)).isEqualTo(new Spread(4, 4, 4));
    }

    @Test
    void nothingMeasuredIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.<Integer>of(), Integer::doubleValue));
    }

    @Test
    void columnsAreAligned() {
        assertThat(new Spread(1234.5, 0.25, 10).columns(2)).isEqualTo("   1234.50      0.25     10.00");
    }
}
