package io.asyncmcp.soak;

import io.asyncmcp.soak.client.Book;
import io.asyncmcp.soak.client.Event;
import io.asyncmcp.soak.client.Face;
import io.asyncmcp.soak.client.Fate;
import io.asyncmcp.soak.client.Tally;
import io.asyncmcp.soak.client.Tool;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Holds what the clients saw, what the meters counted and what the tools did against each other. */
final class Audit {

    private static final List<String> OUTCOMES = List.of("completed", "failed", "cancelled");

    /**
     * What the heap may grow by. Caches of the JDK, of Jackson, Spring and Netty still fill after the warm-up, mostly in the
     * first minute; results alone that are not given back are more than this within seconds.
     */
    private static final long BYTES = 3_000_000;

    /** What the library may keep more of each of its classes: something that was under way or is kept for reuse. */
    private static final int INSTANCES = 12;

    /**
     * Our pools grow to these bounds and let go of threads that were idle for 30 s, which is longer than the quiet lasts. Two
     * executors have them, of operations and of plain work; delivery is shared.
     */
    private static final Map<String, Integer> POOLS = Map.of(
            "async-mcp-operation",
            2 * 20,
            "async-mcp-callback",
            2 * 64,
            "async-mcp-timeout",
            2 * 4,
            "async-mcp-delivery",
            64);

    /** The others: the JDK's, Tomcat's of a fixed size, Netty's and Reactor's, which come with the first load and stay. */
    private static final int THREADS = 6;

    /** Connections that the clients have not closed yet, and files that the JDK opens once. */
    private static final int FILES = 12;

    private final List<String> violations = new ArrayList<>();

    List<String> violations() {
        return violations;
    }

    private void require(boolean holds, String rule, Object... values) {
        if (!holds) {
            violations.add(rule.formatted(values));
        }
    }

    /** Every answer was of a kind that was expected, and everything happened that can. */
    void clients(Tally tally) {
        tally.unexpected().forEach((kind, example) -> violations.add("unexpected: " + kind + ", " + example));
        for (Event event : Event.values()) {
            for (Face face : Face.values()) {
                require(
                        !event.mustHappenTo(face) || tally.of(face, event) > 0,
                        "never happened to a client of %s: %s",
                        face,
                        event);
            }
        }
    }

    /** What must have happened that only the server knows of. */
    void limits(Map<String, Double> meters) {
        for (String name : List.of("limit=total", "limit=owner", "limit=type")) {
            require(sum(meters, "async.mcp.rejections{" + name) > 0, "nothing was refused because of %s", name);
        }
        for (String name : List.of("results.dropped", "expirations", "joined", "promotions", "answered.in.time")) {
            require(sum(meters, "async.mcp." + name + "{") > 0, "async.mcp.%s is zero", name);
        }
        require(sum(meters, "logback.events{level=error") == 0, "the server's log has errors");
    }

    private static double sum(Map<String, Double> meters, String prefix) {
        return meters.entrySet().stream()
                .filter(meter -> meter.getKey().startsWith(prefix))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /**
     * Every start has an end, and every end is one that a client saw, or that nobody was there for.
     *
     * @param calls what the clients say
     * @param meters what the server counted since its start
     * @param ledger what the tools' bodies did, by key
     */
    void operations(List<Book.Entry> calls, Map<String, Double> meters, Map<String, List<String>> ledger) {
        for (Tool tool : Tool.values()) {
            if (tool.isOperation()) {
                operations(
                        tool, calls.stream().filter(call -> call.tool() == tool).toList(), meters, ledger);
            }
        }
        Set<String> unknown = new HashSet<>(ledger.keySet());
        calls.forEach(call -> unknown.remove(call.key()));
        require(unknown.isEmpty(), "nobody called these, but they ran: %s", unknown);
        ledger.forEach((key, runs) -> require(!runs.contains("running"), "%s runs for ever: %s", key, runs));
    }

    private void operations(
            Tool tool, List<Book.Entry> calls, Map<String, Double> meters, Map<String, List<String>> ledger) {
        Map<String, Double> ends = new TreeMap<>();
        for (String outcome : OUTCOMES) {
            ends.put(outcome, sum(meters, "async.mcp.operations{outcome=%s,tool=%s}".formatted(outcome, tool)));
        }
        double ended = ends.values().stream().mapToDouble(Double::doubleValue).sum();
        double started = sum(meters, "soak.started{tool=%s}".formatted(tool));
        double joined = sum(meters, "async.mcp.joined{tool=%s}".formatted(tool));
        require(started == ended, "%s: %.0f started, but %.0f ended: %s", tool, started, ended, ends);

        long known = calls.stream()
                .filter(call -> call.fate().isKnownEnd() || call.fate() == Fate.LEFT)
                .count();
        List<Book.Entry> lost =
                calls.stream().filter(call -> call.fate() == Fate.LOST).toList();
        long ran = lost.stream().filter(call -> ledger.containsKey(call.key())).count();
        require(
                known + ran <= ended + joined && ended + joined <= known + lost.size(),
                "%s: %.0f ended and %.0f joined, but clients know of %d and lost %d, of which %d ran",
                tool,
                ended,
                joined,
                known,
                lost.size(),
                ran);
        if (tool == Tool.SHARED) {
            // One operation, several calls: only the sums can be compared.
            return;
        }
        long unseen = calls.stream().filter(call -> call.fate() == Fate.LEFT).count() + lost.size();
        ends.forEach((outcome, count) -> {
            long seen = calls.stream()
                    .filter(call -> call.fate().name().equalsIgnoreCase(outcome))
                    .count();
            require(
                    seen <= count && count <= seen + unseen,
                    "%s: %.0f %s, but clients saw %d and did not see the end of %d",
                    tool,
                    count,
                    outcome,
                    seen,
                    unseen);
        });
        calls.forEach(call -> agree(call, ledger.getOrDefault(call.key(), List.of())));
    }

    /** No call is run twice, and none ends otherwise than it ran. */
    private void agree(Book.Entry call, List<String> runs) {
        boolean agrees = runs.size() <= 1
                && switch (call.fate()) {
                    case COMPLETED -> runs.contains("returned");
                    // Also what is cancelled, or outlives its lifetime, while it waits for its turn.
                    case FAILED, CANCELLED, LEFT, LOST -> true;
                    case REFUSED -> runs.isEmpty();
                };
        require(agrees, "%s, but its runs are %s", call, runs);
    }

    /**
     * Nobody is there, and so nothing must be.
     *
     * @param before after the warm-up
     * @param after after the run
     * @param keepsSessions whether the transport keeps sessions that have been deleted, as WebFlux's does in Spring AI 2.0.0
     */
    void givenBack(Snapshot before, Snapshot after, boolean keepsSessions) {
        ServerView.gauges(after.meters())
                .forEach((gauge, value) -> require(value == 0, "%s must be 0, but is %s", gauge, value));
        Map<String, Integer> was = before.memory().instances();
        int sessions = keepsSessions ? growth(was, after, "io.asyncmcp.server.transport.AsyncStreamableSession") : 0;
        after.memory().instances().forEach((type, count) -> {
            int more = count - was.getOrDefault(type, 0);
            require(
                    more <= INSTANCES + sessions,
                    "%d more instances of %s than the %d before",
                    more,
                    type,
                    count - more);
        });
        long bytes = after.memory().bytes() - before.memory().bytes();
        require(bytes <= BYTES, "the heap has grown by %d bytes", bytes);
        Map<String, Integer> threads = before.memory().threads();
        after.memory().threads().forEach((name, count) -> {
            int atMost = POOLS.getOrDefault(name, threads.getOrDefault(name, 0) + THREADS);
            require(count <= atMost, "%d threads %s, but at most %d are to be expected", count, name, atMost);
        });
        double files = after.files() - before.files();
        require(files <= FILES, "%.0f more open files", files);
    }

    private static int growth(Map<String, Integer> was, Snapshot after, String type) {
        return after.memory().instances().getOrDefault(type, 0) - was.getOrDefault(type, 0);
    }
}
