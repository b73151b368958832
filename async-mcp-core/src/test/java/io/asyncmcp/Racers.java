package io.asyncmcp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets several actions start at the same moment, again and again, on the same threads. */
public final class Racers implements AutoCloseable {

    private final ExecutorService threads;

    private final CyclicBarrier start;

    private final int count;

    public Racers(int count) {
        this.count = count;
        this.threads = Executors.newFixedThreadPool(count);
        this.start = new CyclicBarrier(count);
    }

    /** Runs as many actions as there are racers, and returns their results in order. */
    @SafeVarargs
    public final <T> List<T> race(Callable<? extends T>... actions) {
        if (actions.length != count) {
            throw new IllegalArgumentException("actions must be " + count + ", but were " + actions.length);
        }
        List<Future<? extends T>> futures = new ArrayList<>();
        for (Callable<? extends T> action : actions) {
            futures.add(threads.submit(() -> {
                start();
                return action.call();
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<? extends T> future : futures) {
            try {
                results.add(future.get(20, TimeUnit.SECONDS));
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError("a racer did not arrive", e);
            }
        }
        return results;
    }

    private void start() throws InterruptedException {
        try {
            start.await(20, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("a racer did not start", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
