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

/** Clients that call one after the other as fast as they can, each on a connection and a thread of its own. */
final class Load implements AutoCloseable {

    private static final long LONGEST = TimeUnit.MINUTES.toNanos(5);

    private final List<McpConnection> connections = new ArrayList<>();

    private final ExecutorService threads;

    /** What a client does again and again. */
    interface Call {

        void make(McpConnection connection);
    }

    /** How it went. */
    static final class Result {

        private final Histogram latencies = new Histogram(LONGEST, 3);

        private long nanos;

        void add(Result other) {
            latencies.add(other.latencies);
            nanos += other.nanos;
        }

        /** Calls in a second. */
        double throughput() {
            return latencies.getTotalCount() * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
        }

        /** In milliseconds. */
        double percentile(double percentile) {
            return latencies.getValueAtPercentile(percentile) / 1e6;
        }
    }

    Load(int port, int clients) throws IOException {
        threads = Executors.newFixedThreadPool(clients);
        for (int i = 0; i < clients; i++) {
            connections.add(new McpConnection(port));
        }
    }

    /** Calls for a while. */
    Result run(Call call, Duration time) throws InterruptedException, ExecutionException {
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
        return result;
    }

    /**
     * Runs several calls in turns, so that what the machine does besides hits all of them.
     *
     * @param first which comes first
     */
    List<Result> runInTurns(List<Call> calls, int first, Turns turns) throws InterruptedException, ExecutionException {
        List<Result> results = new ArrayList<>();
        for (Call call : calls) {
            run(call, turns.warmUp());
            results.add(new Result());
        }
        for (int turn = 0; turn < turns.count(); turn++) {
            for (int i = 0; i < calls.size(); i++) {
                int index = (i + first + turn) % calls.size();
                results.get(index).add(run(calls.get(index), turns.length()));
            }
        }
        return results;
    }

    /** How long and how often. */
    record Turns(Duration warmUp, int count, Duration length) {

        static final Turns QUICK = new Turns(Duration.ofMillis(300), 1, Duration.ofMillis(500));

        static final Turns FULL = new Turns(Duration.ofSeconds(8), 8, Duration.ofSeconds(1));

        static Turns of(boolean quick) {
            return quick ? QUICK : FULL;
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
