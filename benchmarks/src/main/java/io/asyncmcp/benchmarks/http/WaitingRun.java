package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Many clients that wait for a slow tool at once, beside a few. */
public final class WaitingRun implements BenchmarkRun {

    private static final int FEW = 50;

    private static final int MANY = 5_000;

    private static final int QUICK_MANY = 500;

    /** More than Tomcat has threads, which are 200. */
    private static final int BURST = 256;

    private static final int SLEEP_MILLIS = 30_000;

    private static final int QUICK_SLEEP_MILLIS = 9_000;

    private static final double LATE_MILLIS = 500;

    private static final double MORE_THREADS = 10;

    /** What a client that waits may take up, in kilobytes. */
    private static final double BUDGET = 50;

    private static final String CONNECTIONS = "--server.tomcat.max-connections=20000";

    private static final double KILOBYTE = 1024;

    private static final double MEGABYTE = 1024 * 1024;

    /** What was seen while all of them waited, and how late the last of them was answered. */
    private record Seen(long threads, double heap, double latestMillis) {}

    /** What is looked at while all wait. */
    private interface Look {

        void look() throws Exception;
    }

    /** What a client does that waits so long. */
    private interface Wait {

        String wait(McpConnection connection, int millis);
    }

    private static final Wait TOOL =
            (connection, millis) -> connection.callTool("sleep", "{\"millis\":" + millis + "}");

    private static final Wait BARE = (connection, millis) -> connection.get("/bare?millis=" + millis);

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        int count = quick ? QUICK_MANY : MANY;
        int millis = quick ? QUICK_SLEEP_MILLIS : SLEEP_MILLIS;
        double peers;
        try (Server peer = Server.startPeer()) {
            peers = latestMillis(peer.port(), count, millis, TOOL, () -> {});
        }
        for (String stack : List.of("webmvc", "webflux")) {
            Seen few = measure(stack, FEW, millis);
            Seen many = measure(stack, count, millis);
            double bare = each(measureBare(stack, FEW, millis), measureBare(stack, count, millis), count);
            String what = count + " clients wait on " + stack + ", beside " + FEW;
            comparisons.add(new Comparison(
                    what + ": how late the last is answered",
                    "ms",
                    many.latestMillis(),
                    few.latestMillis(),
                    Target.neverInExcessOf(LATE_MILLIS)));
            comparisons.add(new Comparison(
                    what + ": platform threads",
                    "threads",
                    many.threads(),
                    few.threads(),
                    Target.excessAtMost(MORE_THREADS)));
            comparisons.add(new Comparison(what + ": heap", "MB", many.heap(), few.heap(), Target.NONE));
            double each = each(few, many, count);
            comparisons.add(new Comparison(what + ": heap for each more", "KB", each, BUDGET, Target.ratioAtMost(1)));
            comparisons.add(new Comparison(
                    what + ": the same, beside a request that waits with Spring alone", "KB", each, bare, Target.NONE));
            comparisons.add(new Comparison(
                    what + ": how late the last is answered, beside " + count + " of the peer's",
                    "ms",
                    many.latestMillis(),
                    peers,
                    Target.NONE));
        }
        return comparisons;
    }

    private static double each(Seen few, Seen many, int count) {
        return (many.heap() - few.heap()) * MEGABYTE / KILOBYTE / (count - FEW);
    }

    private static Seen measureBare(String stack, int count, int millis) throws Exception {
        try (Server server = Server.startWithoutStarter(stack, CONNECTIONS)) {
            return measure(server, count, millis, BARE, "bare");
        }
    }

    private static Seen measure(String stack, int count, int millis) throws Exception {
        try (Server server = Server.start(
                stack,
                "--async.mcp.limits.max-running=6000",
                "--async.mcp.limits.owner-share=100",
                "--async.mcp.http.max-open-requests=0",
                CONNECTIONS)) {
            // A burst makes as many of the web server's threads as it will have, however many wait afterwards.
            try (Load burst = new Load(server, BURST)) {
                Load.runInTurns(List.of(burst.of(Calls.tool("async"))), 0, Load.Turns.of(millis < SLEEP_MILLIS));
            }
            return measure(server, count, millis, TOOL, "waiting");
        }
    }

    private static Seen measure(Server server, int count, int millis, Wait wait, String waiting) throws Exception {
        AtomicLong threads = new AtomicLong();
        AtomicLong heap = new AtomicLong();
        double latest = latestMillis(server.port(), count, millis, wait, () -> {
            requireWaiting(server, count, waiting);
            threads.set(server.resource("threads"));
            heap.set(server.resource("heap"));
            requireWaiting(server, count, waiting);
        });
        return new Seen(threads.get(), heap.get() / MEGABYTE, latest);
    }

    private static void requireWaiting(Server server, int count, String resource) throws InterruptedException {
        long waiting = server.resource(resource);
        if (waiting != count) {
            throw new IllegalStateException(waiting + " clients wait, and not " + count);
        }
    }

    /** They come one by one during the first third of the time. */
    private static double latestMillis(int port, int count, int millis, Wait wait, Look look) throws Exception {
        List<McpConnection> connections = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                connections.add(new McpConnection(port));
            }
            List<Future<Double>> late = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                McpConnection connection = connections.get(i);
                long comesAfter = (long) millis * i / 3 / count;
                late.add(threads.submit(() -> {
                    TimeUnit.MILLISECONDS.sleep(comesAfter);
                    long asked = System.nanoTime();
                    McpConnection.expect(wait.wait(connection, millis), "\"text\"");
                    return (System.nanoTime() - asked) / 1e6 - millis;
                }));
            }
            TimeUnit.MILLISECONDS.sleep(millis / 2);
            look.look();
            double latest = 0;
            for (Future<Double> each : late) {
                latest = Math.max(latest, each.get());
            }
            return latest;
        } finally {
            for (McpConnection connection : connections) {
                connection.close();
            }
        }
    }
}
