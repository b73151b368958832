package io.asyncmcp.soak;

import io.asyncmcp.soak.client.Book;
import io.asyncmcp.soak.client.Fate;
import io.asyncmcp.soak.client.Tool;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds against each other what the clients saw, what the meters counted, and what the tools' bodies did: every start has an
 * end, and every end is one that a client saw or that nobody was there for.
 */
final class Accounts {

    private static final List<String> OUTCOMES = List.of("completed", "failed", "cancelled");

    private final Meters meters;

    /** How the runs of each key ended. */
    private final Map<String, List<String>> ledger;

    private final Findings findings;

    Accounts(Meters meters, Map<String, List<String>> ledger, Findings findings) {
        this.meters = meters;
        this.ledger = ledger;
        this.findings = findings;
    }

    void check(List<Book.Entry> calls) {
        for (Tool tool : Tool.values()) {
            if (tool.isOperation()) {
                check(tool, calls.stream().filter(call -> call.tool() == tool).toList());
            }
        }
        Set<String> unknown = new HashSet<>(ledger.keySet());
        calls.forEach(call -> unknown.remove(call.key()));
        findings.require(unknown.isEmpty(), "nobody called these, but they ran: %s", unknown);
        ledger.forEach((key, runs) -> findings.require(!runs.contains("running"), "%s runs for ever: %s", key, runs));
    }

    private void check(Tool tool, List<Book.Entry> calls) {
        Map<String, Double> ends = new TreeMap<>();
        for (String outcome : OUTCOMES) {
            ends.put(outcome, meters.sum("async.mcp.operations{outcome=%s,tool=%s}".formatted(outcome, tool)));
        }
        double started = meters.sum("soak.started{tool=%s}".formatted(tool));
        double ended = ends.values().stream().mapToDouble(Double::doubleValue).sum();
        findings.require(started == ended, "%s: %.0f started, but these ended: %s", tool, started, ends);

        List<Book.Entry> lost =
                calls.stream().filter(call -> call.fate() == Fate.LOST).toList();
        long refused = count(calls, Fate.REFUSED);
        long known = calls.size() - refused - lost.size();
        long lostThatRan =
                lost.stream().filter(call -> ledger.containsKey(call.key())).count();
        // A request that was lost may never have been read, and its operation may have ended before its turn.
        double operations = ended + meters.sum("async.mcp.joined{tool=%s}".formatted(tool));
        findings.require(
                known + lostThatRan <= operations && operations <= known + lost.size(),
                "%s: %.0f ended or were joined, but clients know of %d and lost %d, of which %d ran",
                tool,
                operations,
                known,
                lost.size(),
                lostThatRan);
        double refusals = meters.sum("async.mcp.rejections{", ",tool=%s}".formatted(tool));
        findings.require(
                refused <= refusals && refusals <= refused + lost.size(),
                "%s: %.0f were refused, but clients saw that %d times and lost %d",
                tool,
                refusals,
                refused,
                lost.size());
        if (tool != Tool.SHARED) {
            // Several calls share one operation there, so that only the sums can be compared.
            long unseen = count(calls, Fate.LEFT) + lost.size();
            ends.forEach((outcome, count) -> checkOutcome(tool, outcome, count, calls, unseen));
            calls.forEach(this::checkRuns);
        }
    }

    private static long count(List<Book.Entry> calls, Fate fate) {
        return calls.stream().filter(call -> call.fate() == fate).count();
    }

    private void checkOutcome(Tool tool, String outcome, double count, List<Book.Entry> calls, long unseen) {
        long seen = calls.stream()
                .filter(call -> call.fate().name().equalsIgnoreCase(outcome))
                .count();
        findings.require(
                seen <= count && count <= seen + unseen,
                "%s: %.0f %s, but clients saw %d and did not see the end of %d",
                tool,
                count,
                outcome,
                seen,
                unseen);
    }

    /** No call is run twice, and none ends otherwise than it ran. */
    private void checkRuns(Book.Entry call) {
        List<String> runs = ledger.getOrDefault(call.key(), List.of());
        boolean agrees = switch (call.fate()) {
            case COMPLETED -> runs.equals(List.of("returned"));
            case REFUSED -> runs.isEmpty();
            // Also what is cancelled, or outlives its lifetime, while it waits for its turn.
            case FAILED, CANCELLED, LEFT, LOST -> runs.size() <= 1;
        };
        findings.require(agrees, "%s, but its runs are %s", call, runs);
    }
}
