package io.asyncmcp.sample.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Callers that each have a connection and a session, and call again as soon as they have their answer. */
final class Callers implements AutoCloseable {

    private final List<WireSession> sessions = new ArrayList<>();

    private final ExecutorService threads;

    Callers(String url, int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            sessions.add(WireSession.open(url));
        }
        this.threads = Executors.newFixedThreadPool(count);
    }

    /**
     * Has all of them call a tool for a while.
     *
     * @throws ExecutionException if an answer is wrong, or there is none
     */
    Burst call(ComparedTool tool, Duration howLong) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        List<Callable<long[]>> tasks = new ArrayList<>();
        for (WireSession session : sessions) {
            tasks.add(() -> {
                LongStream.Builder latencies = LongStream.builder();
                while (System.nanoTime() - start < howLong.toNanos()) {
                    latencies.add(session.call(tool));
                }
                return latencies.build().toArray();
            });
        }
        List<Future<long[]>> ended = threads.invokeAll(tasks);
        long elapsed = System.nanoTime() - start;
        LongStream all = LongStream.empty();
        for (Future<long[]> latencies : ended) {
            all = LongStream.concat(all, LongStream.of(latencies.get()));
        }
        return new Burst(all.toArray(), elapsed);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        threads.shutdown();
        for (WireSession session : sessions) {
            session.close();
        }
    }
}
