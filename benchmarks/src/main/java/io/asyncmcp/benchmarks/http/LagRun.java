package io.asyncmcp.benchmarks.http;

import io.asyncmcp.benchmarks.BenchmarkRun;
import io.asyncmcp.benchmarks.Comparison;
import io.asyncmcp.benchmarks.Target;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/**
 * How long it takes from the end of a body until the client that waits holds the result, beside the round trip of a plain
 * tool. All call at the same pace, so that neither is measured on a busier server.
 */
public final class LagRun implements BenchmarkRun {

    private static final int CLIENTS = 16;

    private static final double P99 = 2;

    private static final double NINETY_NINE = 99;

    private static final int PAUSE_MILLIS = 40;

    private static final int WARM_UP_ROUNDS = 4;

    private static final int ROUNDS = 4;

    private static final Duration ROUND = Duration.ofSeconds(3);

    private static final Duration QUICK_ROUND = Duration.ofSeconds(1);

    private static final long LONGEST = TimeUnit.MINUTES.toMicros(1);

    private static final Pattern ENDED_AT = Pattern.compile("\"text\"\\s*:\\s*\"(?:\\\\\")?(\\d+)");

    private static final Pattern OPERATION = Pattern.compile("\"operation_id\"\\s*:\\s*\"([^\"]+)\"");

    private final String stack = System.getProperty("web.stack", "webmvc");

    /** One call, and how many microseconds of it count. */
    private interface Timed {

        long call(McpConnection connection, int millis) throws InterruptedException;
    }

    @Override
    public List<Comparison> run(int number, boolean quick) throws Exception {
        Histogram peers;
        try (Server peer = Server.startPeer()) {
            peers = measure(peer.port(), List.of(LagRun::waiting), 0, quick).get(0);
        }
        try (Server server = Server.start(stack)) {
            List<Histogram> measured = measure(
                    server.port(), List.of(LagRun::roundTrip, LagRun::waiting, LagRun::continuing), number, quick);
            double baseline = measured.get(0).getValueAtPercentile(NINETY_NINE) / 1e3;
            return List.of(
                    new Comparison(
                            "completion lag to the call that waits, " + stack + ", " + CLIENTS + " connections: p99",
                            "ms",
                            measured.get(1).getValueAtPercentile(NINETY_NINE) / 1e3,
                            baseline,
                            Target.ratioAtMost(P99)),
                    new Comparison(
                            "completion lag to `continue_operation`: p99",
                            "ms",
                            measured.get(2).getValueAtPercentile(NINETY_NINE) / 1e3,
                            baseline,
                            Target.ratioAtMost(P99)),
                    new Comparison(
                            "the first: p50",
                            "ms",
                            measured.get(1).getValueAtPercentile(50) / 1e3,
                            measured.get(0).getValueAtPercentile(50) / 1e3,
                            Target.NONE),
                    new Comparison(
                            "our completion lag to the call that waits, beside the peer's, which polls every 100 ms: p99",
                            "ms",
                            measured.get(1).getValueAtPercentile(NINETY_NINE) / 1e3,
                            peers.getValueAtPercentile(NINETY_NINE) / 1e3,
                            Target.NONE));
        }
    }

    private static long roundTrip(McpConnection connection, int millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
        long start = System.nanoTime();
        McpConnection.expect(connection.callTool("plain", "{}"), "done");
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
    }

    private static long waiting(McpConnection connection, int millis) {
        return lag(connection.callTool("sleep", "{\"millis\":" + millis + "}"));
    }

    private static long continuing(McpConnection connection, int millis) {
        String started;
        do {
            // On a machine that is busy it may have ended before anybody could be given a handle.
            started = connection.callTool("promoted", "{\"millis\":" + millis + "}");
        } while (!started.contains("\"operation_id\""));
        String id = McpConnection.find(OPERATION, started);
        return lag(connection.callTool("continue_operation", "{\"operation_id\":\"" + id + "\"}"));
    }

    private static long lag(String answer) {
        long now = TimeUnit.NANOSECONDS.toMicros(
                Duration.between(Instant.EPOCH, Instant.now()).toNanos());
        return Math.max(0, now - Long.parseLong(McpConnection.find(ENDED_AT, answer)));
    }

    /** In turns; the first rounds are to warm up. */
    private static List<Histogram> measure(int port, List<Timed> all, int first, boolean quick)
            throws IOException, InterruptedException, ExecutionException {
        List<Histogram> measured = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            measured.add(new Histogram(LONGEST, 3));
        }
        int warmUp = quick ? 1 : WARM_UP_ROUNDS;
        for (int round = 0; round < warmUp + (quick ? 1 : ROUNDS); round++) {
            for (int i = 0; i < all.size(); i++) {
                int index = (i + first + round) % all.size();
                Histogram histogram = measure(port, all.get(index), quick ? QUICK_ROUND : ROUND);
                if (round >= warmUp) {
                    measured.get(index).add(histogram);
                }
            }
        }
        return measured;
    }

    private static Histogram measure(int port, Timed timed, Duration time)
            throws IOException, InterruptedException, ExecutionException {
        List<McpConnection> connections = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            long end = System.nanoTime() + time.toNanos();
            List<Callable<Histogram>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                McpConnection connection = new McpConnection(port);
                connections.add(connection);
                clients.add(() -> {
                    Histogram histogram = new Histogram(LONGEST, 3);
                    while (System.nanoTime() < end) {
                        int millis = ThreadLocalRandom.current().nextInt(PAUSE_MILLIS, 2 * PAUSE_MILLIS);
                        histogram.recordValue(timed.call(connection, millis));
                    }
                    return histogram;
                });
            }
            Histogram all = new Histogram(LONGEST, 3);
            for (Future<Histogram> histogram : threads.invokeAll(clients)) {
                all.add(histogram.get());
            }
            return all;
        } finally {
            for (McpConnection connection : connections) {
                connection.close();
            }
        }
    }
}
