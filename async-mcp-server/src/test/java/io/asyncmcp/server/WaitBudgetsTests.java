package io.asyncmcp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitBudgetsTests {

    @Test
    void clientsThatGiveUpAfterTwentySecondsAreAnsweredBefore() {
        assertThat(WaitBudgets.DEFAULTS.of("Java SDK MCP Client")).isLessThan(Duration.ofSeconds(20));
        assertThat(WaitBudgets.DEFAULTS.of("spring-ai-mcp-client - server1")).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void unknownAndNamelessClientsGetTheShortestBudget() {
        assertThat(WaitBudgets.DEFAULTS.of("somebody")).isEqualTo(Duration.ofSeconds(12));
        assertThat(WaitBudgets.DEFAULTS.of("")).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void firstMatchCountsInAnyCase() {
        WaitBudgets budgets = new WaitBudgets(
                List.of(
                        new WaitBudgets.Budget("Batch*", Duration.ofMinutes(5)),
                        new WaitBudgets.Budget("batch client", Duration.ofSeconds(1))),
                Duration.ofSeconds(9),
                Duration.ofSeconds(8));
        assertThat(budgets.of("BATCH client")).isEqualTo(Duration.ofMinutes(5));
        assertThat(budgets.of("other")).isEqualTo(Duration.ofSeconds(9));
    }

    /** Name, and after how many seconds such a client gives up with its defaults. */
    @ParameterizedTest
    @CsvSource({
        "codex-mcp-client,60",
        "gemini-cli-mcp-client-my-server,600",
        "langchain-mcp-adapter,60",
        "langchain4j,60",
        "mcp-client-cli,15",
        "mcp,5",
        "claude-code,60",
        "ai-sdk-mcp-client,60",
        "cursor-vscode,60",
        "Visual Studio Code - Insiders,60"
    })
    void clientsOfTheWildAreAnsweredBeforeTheyGiveUp(String name, long limit) {
        assertThat(WaitBudgets.DEFAULTS.of(name)).isLessThan(Duration.ofSeconds(limit));
        assertThat(WaitBudgets.DEFAULTS.of(name + " (via mcp-remote 0.1.37)")).isEqualTo(WaitBudgets.DEFAULTS.of(name));
    }

    /** Ktor's CIO engine gives up after 15 s in all, OkHttp and Apache HttpClient after 10 s without a byte. */
    @Test
    void clientsWeDoNotKnowAreAnsweredBeforeTheirHttpEnginesGiveUp() {
        assertThat(WaitBudgets.DEFAULTS.unknown()).isLessThan(Duration.ofSeconds(15));
        assertThat(WaitBudgets.DEFAULTS.stateless()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void budgetsArePositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WaitBudgets.Budget("x", Duration.ZERO))
                .withMessage("the wait budget of client x must be positive, but was PT0S");
    }
}
