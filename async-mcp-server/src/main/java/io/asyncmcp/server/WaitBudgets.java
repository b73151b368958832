package io.asyncmcp.server;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How long a client's patience is taken to last, by the name it gives itself.
 *
 * <p>No answer of ours may come later than the client gives up. A client we do not know gets less than the shortest limit
 * that is common, which is the 15 s of Ktor's CIO engine. Immutable.
 *
 * @param budgets looked through in order; the first whose pattern matches counts
 * @param unknown the budget of a client that no pattern matches
 * @param stateless the longest wait at a stateless transport, where the client hears nothing before the answer
 * @since 0.1.0
 */
public record WaitBudgets(List<Budget> budgets, Duration unknown, Duration stateless) {

    private static final Duration UNKNOWN = Duration.ofSeconds(12);

    /** Less than the 10 s that OkHttp and Apache HttpClient wait for a byte. */
    private static final Duration STATELESS = Duration.ofSeconds(8);

    private static final Duration FOUR_SECONDS = Duration.ofSeconds(4);

    private static final Duration LESS_THAN_TWENTY_SECONDS = Duration.ofSeconds(18);

    private static final Duration A_MINUTE = Duration.ofSeconds(55);

    /** What a proxy for clients without HTTP puts behind their names. */
    private static final String VIA_PROXY = " (via mcp-remote";

    /** Clients whose limits are known. {@code docs/clients.md} says where from. */
    public static final WaitBudgets DEFAULTS = new WaitBudgets(
            List.of(
                    new Budget("java sdk mcp client*", LESS_THAN_TWENTY_SECONDS),
                    new Budget("spring-ai-mcp-client*", LESS_THAN_TWENTY_SECONDS),
                    new Budget("claude*", A_MINUTE),
                    new Budget("cursor*", A_MINUTE),
                    new Budget("visual studio code*", A_MINUTE),
                    new Budget("inspector*", A_MINUTE),
                    new Budget("mcp-inspector*", A_MINUTE),
                    new Budget("codex-mcp-client*", A_MINUTE),
                    new Budget("gemini-cli-mcp-client*", A_MINUTE),
                    new Budget("langchain-mcp-adapter*", A_MINUTE),
                    new Budget("langchain4j", A_MINUTE),
                    new Budget("ai-sdk-mcp-client", A_MINUTE),
                    // Koog on Ktor.
                    new Budget("mcp-client-cli", UNKNOWN),
                    // What the Python SDK calls itself. The OpenAI Agents SDK, which is built on it, gives up after 5
                    // s.
                    new Budget("mcp", FOUR_SECONDS)),
            UNKNOWN,
            STATELESS);

    public WaitBudgets {
        budgets = List.copyOf(budgets);
        requirePositive("the wait budget of unknown clients", unknown);
        requirePositive("the wait budget at a stateless transport", stateless);
    }

    /**
     * One client's budget.
     *
     * @param pattern the client's name, in any case; a {@code *} at the end stands for anything
     * @param budget how long a request may take to be answered
     */
    public record Budget(String pattern, Duration budget) {

        public Budget {
            Objects.requireNonNull(pattern, "pattern");
            requirePositive("the wait budget of client " + pattern, budget);
        }

        boolean matches(String clientName) {
            String wanted = pattern.toLowerCase(Locale.ROOT);
            String name = clientName.toLowerCase(Locale.ROOT);
            return wanted.endsWith("*")
                    ? name.startsWith(wanted.substring(0, wanted.length() - 1))
                    : name.equals(wanted);
        }
    }

    /**
     * Returns a client's budget.
     *
     * @param clientName the name the client gives itself, empty if it gives none
     * @return how long a request of that client may take to be answered
     */
    public Duration of(String clientName) {
        int proxy = clientName.indexOf(VIA_PROXY);
        String own = proxy < 0 ? clientName : clientName.substring(0, proxy);
        for (Budget budget : budgets) {
            if (budget.matches(own)) {
                return budget.budget();
            }
        }
        return unknown;
    }

    private static void requirePositive(String subject, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(subject + " must be positive, but was " + value);
        }
    }
}
