package io.asyncmcp.doubles;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs tasks on the thread that tells it to, when it tells it to. */
public final class ManualExecutor extends AbstractExecutorService {

    private final List<Runnable> waiting = new ArrayList<>();

    private boolean shutdown;

    private boolean refusing;

    private boolean direct;

    /** From now on there is no thread to be had. */
    public synchronized void refuse() {
        refusing = true;
    }

    /** From now on every task runs at once, on the thread that hands it in. */
    public synchronized void direct() {
        direct = true;
    }

    public synchronized int size() {
        return waiting.size();
    }

    public boolean runNext() {
        Runnable next;
        synchronized (this) {
            if (waiting.isEmpty()) {
                return false;
            }
            next = waiting.remove(0);
        }
        next.run();
        return true;
    }

    /** Runs what waits, counting what comes in meanwhile, and tells whether there was anything. */
    public boolean runAll() {
        boolean any = false;
        while (runNext()) {
            any = true;
        }
        return any;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (shutdown || refusing) {
                throw new RejectedExecutionException("no thread for you");
            }
            if (!direct) {
                waiting.add(task);
                return;
            }
        }
        task.run();
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutdown = true;
        List<Runnable> never = List.copyOf(waiting);
        waiting.clear();
        return never;
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public synchronized boolean isTerminated() {
        return shutdown && waiting.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }
}
