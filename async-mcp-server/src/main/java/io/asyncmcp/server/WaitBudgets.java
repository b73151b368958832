package io.asyncmcp.server;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How long a client's patience is taken to last, by the name it gives itself.
 *
 * <p>No answer of ours may come later than the client gives up. A client we do not know gets the shortest time-out in use,
 * which is the 20 s of the Java SDK and of Spring AI, less a margin. Immutable.
 *
 * @param budgets looked through in order; the first whose pattern matches counts
 * @param unknown the budget of a client that no pattern matches
 * @since 0.1.0
 */
public record WaitBudgets(List<Budget> budgets, Duration unknown) {

    private static final Duration UNKNOWN = Duration.ofSeconds(18);

    private static final Duration A_MINUTE = Duration.ofSeconds(55);

    /** Clients whose time-outs are known: the Java SDK's and Spring AI's 20 s, 60 s for those built on other SDKs. */
    public static final WaitBudgets DEFAULTS = new WaitBudgets(
            List.of(
                    new Budget("java sdk mcp client*", UNKNOWN),
                    new Budget("spring-ai-mcp-client*", UNKNOWN),
                    new Budget("claude*", A_MINUTE),
                    new Budget("cursor*", A_MINUTE),
                    new Budget("visual studio code*", A_MINUTE),
                    new Budget("inspector*", A_MINUTE),
                    new Budget("mcp-inspector*", A_MINUTE)),
            UNKNOWN);

    public WaitBudgets {
        budgets = List.copyOf(budgets);
        requirePositive("the wait budget of unknown clients", unknown);
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
        for (Budget budget : budgets) {
            if (budget.matches(clientName)) {
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
