package io.asyncmcp.server.modern;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs tasks on the thread that tells it to, when it tells it to. */
final class ManualExecutor extends AbstractExecutorService {

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    private volatile boolean shutdown;

    /** Runs what waits, counting what comes in meanwhile, and tells whether there was anything. */
    boolean runAll() {
        boolean any = false;
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
            next.run();
            any = true;
        }
        return any;
    }

    @Override
    public void execute(Runnable task) {
        if (shutdown) {
            throw new RejectedExecutionException("no thread for you");
        }
        waiting.add(task);
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> never = List.copyOf(waiting);
        waiting.clear();
        return never;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown && waiting.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }
}
