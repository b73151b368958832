package io.asyncmcp;

import static io.asyncmcp.OperationStatus.CANCELLED;
import static io.asyncmcp.OperationStatus.COMPLETED;
import static io.asyncmcp.OperationStatus.FAILED;
import static io.asyncmcp.OperationStatus.INPUT_REQUIRED;
import static io.asyncmcp.OperationStatus.QUEUED;
import static io.asyncmcp.OperationStatus.WORKING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperationStatusTests {

    @ParameterizedTest
    @CsvSource(useHeadersInDisplayName = true, textBlock = """
            from,           QUEUED, WORKING, INPUT_REQUIRED, COMPLETED, FAILED, CANCELLED
            QUEUED,         no,     yes,     no,             no,        yes,    yes
            WORKING,        no,     no,      yes,            yes,       yes,    yes
            INPUT_REQUIRED, no,     yes,     no,             yes,       yes,    yes
            COMPLETED,      no,     no,      no,             no,        no,     no
            FAILED,         no,     no,      no,             no,        no,     no
            CANCELLED,      no,     no,      no,             no,        no,     no
            """)
    void everyTransitionIsTheOneInTheTable(
            OperationStatus from,
            String queued,
            String working,
            String inputRequired,
            String completed,
            String failed,
            String cancelled) {
        assertThat(from.canBecome(QUEUED)).isEqualTo(queued.equals("yes"));
        assertThat(from.canBecome(WORKING)).isEqualTo(working.equals("yes"));
        assertThat(from.canBecome(INPUT_REQUIRED)).isEqualTo(inputRequired.equals("yes"));
        assertThat(from.canBecome(COMPLETED)).isEqualTo(completed.equals("yes"));
        assertThat(from.canBecome(FAILED)).isEqualTo(failed.equals("yes"));
        assertThat(from.canBecome(CANCELLED)).isEqualTo(cancelled.equals("yes"));
    }

    @ParameterizedTest
    @EnumSource
    void aStateIsTerminalIfItIsNeverLeft(OperationStatus status) {
        boolean left = false;
        for (OperationStatus next : OperationStatus.values()) {
            left |= status.canBecome(next);
        }

        assertThat(status.isTerminal()).isEqualTo(!left);
    }
}
