package io.asyncmcp.soak;

import java.util.Map;

/** What a server still has when everybody has gone: no more than after the warm-up. */
final class Residue {

    /**
     * What the heap may grow by. Caches of the JDK, Jackson, Spring and Netty and the JVM's own profiles still fill after the
     * warm-up, 1 to 1.5 MB in the first minute. Our own objects are counted one by one below.
     */
    private static final long BYTES = 4_000_000;

    /** What we may keep more of each of our classes: what is made once, at its first use. */
    private static final int INSTANCES = 10;

    /**
     * Of these more may be there: slots of timers that are not due yet, ten milliseconds each, and what is remembered of calls
     * that were given up, until a lifetime and a retention later or until the cache is looked at again.
     */
    private static final Map<String, Integer> PASSING = Map.of(
            "io.asyncmcp.Timeouts$Slot", 40,
            "io.asyncmcp.server.tool.UnansweredCalls$Key", 40,
            "io.asyncmcp.OperationOwner", 40);

    /**
     * Our pools grow to these bounds and let go of threads that were idle for 30 s, which is longer than the quiet lasts. Two
     * executors have them, of operations and of plain work; delivery is shared.
     */
    private static final Map<String, Integer> POOLS = Map.of(
            "async-mcp-operation", 2 * 20,
            "async-mcp-callback", 2 * 64,
            "async-mcp-timeout", 2 * 4,
            "async-mcp-delivery", 64);

    /** The others: the JDK's, Tomcat's of a fixed size, Netty's and Reactor's, which come with the first load and stay. */
    private static final int THREADS = 6;

    /** Connections that the clients have not closed yet, and files that the JDK opens once. */
    private static final int FILES = 12;

    private final Findings findings;

    Residue(Findings findings) {
        this.findings = findings;
    }

    void check(Snapshot before, Snapshot after) {
        findings.require(
                after.meters().missing().isEmpty(),
                "there are no gauges %s",
                after.meters().missing());
        after.meters()
                .gauges()
                .forEach((gauge, value) -> findings.require(value == 0, "%s must be 0, but is %s", gauge, value));
        checkInstances(before.memory().instances(), after.memory().instances());
        long bytes = after.memory().bytes() - before.memory().bytes();
        findings.require(bytes <= BYTES, "the heap has grown by %d bytes", bytes);
        checkThreads(before.memory().threads(), after.memory().threads());
        double files = after.meters().files() - before.meters().files();
        findings.require(files <= FILES, "%.0f more open files", files);
    }

    private void checkInstances(Map<String, Integer> before, Map<String, Integer> after) {
        after.forEach((type, count) -> {
            int more = count - before.getOrDefault(type, 0);
            int atMost = PASSING.getOrDefault(type, INSTANCES);
            findings.require(more <= atMost, "%d more instances of %s, now %d", more, type, count);
        });
    }

    private void checkThreads(Map<String, Integer> before, Map<String, Integer> after) {
        after.forEach((name, count) -> {
            int atMost = POOLS.getOrDefault(name, before.getOrDefault(name, 0) + THREADS);
            findings.require(count <= atMost, "%d threads %s, but at most %d are expected", count, name, atMost);
        });
    }
}
