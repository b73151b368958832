package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** Many clients that wait for a slow tool at once, beside a few. */
public final class WaitingRun implements BenchmarkRun {

    private static final int FEW = 50;

    private static final int MANY = 5_000;

    private static final int QUICK_MANY = 500;

    private static final int SLEEP_MILLIS = 20_000;

    private static final int QUICK_SLEEP_MILLIS = 3_000;

    private static final double LATE_MILLIS = 1_000;

    private static final double MORE_THREADS = 10;

    private static final double KILOBYTE = 1024;

    private static final Pattern ENDED_AT = Pattern.compile("\"text\"\\s*:\\s*\"(?:\\\\\")?(\\d+)");

    /** What was seen while they waited, and how late the last of them was answered. */
    private record Seen(long threads, long heap, double latestMillis) {}

    /** What is looked at while all wait. */
    private interface Look {

        void look() throws InterruptedException;
    }

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        List<Comparison> comparisons = new ArrayList<>();
        int count = quick ? QUICK_MANY : MANY;
        int millis = quick ? QUICK_SLEEP_MILLIS : SLEEP_MILLIS;
        double peers;
        try (Server peer = Server.startPeer()) {
            peers = latestMillis(peer.port(), count, millis, () -> {});
        }
        for (String stack : List.of("webmvc", "webflux")) {
            Seen few = measure(stack, FEW, millis);
            Seen many = measure(stack, count, millis);
            String what = count + " clients wait on " + stack + ", beside " + FEW;
            comparisons.add(new Comparison(
                    what + ": how late the last is answered",
                    "ms",
                    many.latestMillis(),
                    few.latestMillis(),
                    Target.excessAtMost(LATE_MILLIS)));
            comparisons.add(new Comparison(
                    what + ": platform threads",
                    "threads",
                    many.threads(),
                    few.threads(),
                    Target.excessAtMost(MORE_THREADS)));
            comparisons.add(new Comparison(
                    what + ": heap for each more",
                    "KB",
                    (many.heap() - few.heap()) / KILOBYTE / (count - FEW),
                    1,
                    Target.NONE));
            comparisons.add(new Comparison(
                    what + ": how late the last is answered, beside " + count + " of the peer's",
                    "ms",
                    many.latestMillis(),
                    peers,
                    Target.NONE));
        }
        return comparisons;
    }

    private static Seen measure(String stack, int count, int millis)
            throws IOException, InterruptedException, ExecutionException {
        // Tomcat's threads are all there from the start: it makes them for a burst of calls, whoever waits afterwards.
        try (Server server = Server.start(
                stack,
                "--async.mcp.limits.max-running=6000",
                "--server.tomcat.max-connections=20000",
                "--server.tomcat.threads.min-spare=200")) {
            AtomicLong threads = new AtomicLong();
            AtomicLong heap = new AtomicLong();
            double latest = latestMillis(server.port(), count, millis, () -> {
                threads.set(server.resource("threads"));
                heap.set(server.resource("heap"));
            });
            return new Seen(threads.get(), heap.get(), latest);
        }
    }

    private static double latestMillis(int port, int count, int millis, Look look)
            throws IOException, InterruptedException, ExecutionException {
        List<McpConnection> connections = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                connections.add(new McpConnection(port));
            }
            List<Future<Double>> late = new ArrayList<>();
            for (McpConnection connection : connections) {
                late.add(threads.submit(() -> {
                    String answer = connection.callTool("sleep", "{\"millis\":" + millis + "}");
                    long now = TimeUnit.NANOSECONDS.toMicros(
                            Duration.between(Instant.EPOCH, Instant.now()).toNanos());
                    return (now - Long.parseLong(McpConnection.find(ENDED_AT, answer))) / 1e3;
                }));
            }
            // All have asked by then, and none is answered.
            TimeUnit.MILLISECONDS.sleep(millis * 2 / 3);
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
