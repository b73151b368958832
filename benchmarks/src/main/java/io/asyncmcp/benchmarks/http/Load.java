package io.asyncmcp.benchmarks.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Clients of a server that call one after the other as fast as they can, each on a connection and a thread of its own. */
final class Load implements AutoCloseable {

    private static final long LONGEST = TimeUnit.MINUTES.toNanos(5);

    private final Server server;

    private final List<McpConnection> connections = new ArrayList<>();

    private final ExecutorService threads;

    /** What a client does again and again. */
    interface Call {

        void make(McpConnection connection);
    }

    /** What takes its turns with others. */
    record Series(Load load, Call call) {}

    /** How it went. */
    static final class Result {

        private final Histogram latencies = new Histogram(LONGEST, 3);

        private long nanos;

        private long serverNanos;

        void add(Result other) {
            latencies.add(other.latencies);
            nanos += other.nanos;
            serverNanos += other.serverNanos;
        }

        /** Calls in a second. */
        double throughput() {
            return latencies.getTotalCount() * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
        }

        /** In milliseconds. */
        double percentile(double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e6;
        }

        /** What the processors have done in the server for each call, in microseconds. */
        double serverMicros() {
            return serverNanos / 1e3 / latencies.getTotalCount();
        }
    }

    Load(Server server, int clients) throws IOException {
        this.server = server;
        threads = Executors.newFixedThreadPool(clients);
        for (int i = 0; i < clients; i++) {
            connections.add(new McpConnection(server.port()));
        }
    }

    Series of(Call call) {
        return new Series(this, call);
    }

    private Result run(Call call, Duration time) throws InterruptedException, ExecutionException {
        long cpu = server.cpu().toNanos();
        long start = System.nanoTime();
        long end = start + time.toNanos();
        List<Callable<Histogram>> clients = new ArrayList<>();
        for (McpConnection connection : connections) {
            clients.add(() -> {
                Histogram latencies = new Histogram(LONGEST, 3);
                for (long before = System.nanoTime(); before < end; ) {
                    call.make(connection);
                    long after = System.nanoTime();
                    latencies.recordValue(after - before);
                    before = after;
                }
                return latencies;
            });
        }
        Result result = new Result();
        for (Future<Histogram> latencies : threads.invokeAll(clients)) {
            result.latencies.add(latencies.get());
        }
        result.nanos = System.nanoTime() - start;
        result.serverNanos = server.cpu().toNanos() - cpu;
        return result;
    }

    /**
     * Runs several series in turns, so that what the machine does besides hits all of them.
     *
     * @param first which comes first
     */
    static List<Result> runInTurns(List<Series> series, int first, Turns turns)
            throws InterruptedException, ExecutionException {
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            results.add(new Result());
        }
        for (int turn = -turns.warmUp(); turn < turns.count(); turn++) {
            for (int i = 0; i < series.size(); i++) {
                int index = Math.floorMod(i + first + turn, series.size());
                Series each = series.get(index);
                Result result = each.load().run(each.call(), turns.length());
                if (turn >= 0) {
                    results.get(index).add(result);
                }
            }
        }
        return results;
    }

    /**
     * How long and how often.
     *
     * @param warmUp turns that do not count
     * @param count turns that do
     * @param length of each
     */
    record Turns(int warmUp, int count, Duration length) {

        private static final Duration QUICK = Duration.ofMillis(300);

        private static final Duration SECOND = Duration.ofSeconds(1);

        /** For series that have run before. */
        static Turns of(boolean quick) {
            return quick ? new Turns(1, 1, QUICK) : new Turns(2, 6, SECOND);
        }

        /**
         * For servers that have just started. With few connections, which leaves the compilers a processor, they take half a
         * minute of each kind of call until they are as fast as they will be.
         */
        static Turns toWarmUp(boolean quick) {
            return quick ? new Turns(1, 0, QUICK) : new Turns(30, 0, SECOND);
        }
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (McpConnection connection : connections) {
            connection.close();
        }
    }
}
