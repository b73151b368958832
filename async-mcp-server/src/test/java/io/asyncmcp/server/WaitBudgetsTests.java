package io.asyncmcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitBudgetsTests {

    @Test
    void clientsThatGiveUpAfterTwentySecondsAreAnsweredBefore() {
        assertThat(WaitBudgets.DEFAULTS.of("Java SDK MCP Client")).isLessThan(Duration.ofSeconds(20));
        assertThat(WaitBudgets.DEFAULTS.of("spring-ai-mcp-client - server1")).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void unknownAndNamelessClientsGetTheShortestBudget() {
        assertThat(WaitBudgets.DEFAULTS.of("somebody")).isEqualTo(Duration.ofSeconds(18));
        assertThat(WaitBudgets.DEFAULTS.of("")).isEqualTo(Duration.ofSeconds(18));
    }

    @Test
    void firstMatchCountsInAnyCase() {
        WaitBudgets budgets = new WaitBudgets(
                List.of(
                        new WaitBudgets.Budget("Batch*", Duration.ofMinutes(5)),
                        new WaitBudgets.Budget("batch client", Duration.ofSeconds(1))),
                Duration.ofSeconds(9));
        assertThat(budgets.of("BATCH client")).isEqualTo(Duration.ofMinutes(5));
        assertThat(budgets.of("other")).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void budgetsArePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WaitBudgets.Budget("x", Duration.ZERO))
                .withMessage("the wait budget of client x must be positive, but was PT0S");
    }
}
