package io.asyncmcp.engine;

import io.asyncmcp.AsyncExecutor.Watch;
import io.asyncmcp.store.OperationRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine that runs operations on this process's threads.
 *
 * <p>Thread-safe. Watchers are called on the thread that made the change.
 *
 * @since 0.1.0
 */
public final class LocalOperationEngine implements OperationEngine {

    private static final Logger logger = LoggerFactory.getLogger(LocalOperationEngine.class);

    private final ExecutorService threads;

    private final ConcurrentMap<OperationRecord, Runner> runners = new ConcurrentHashMap<>();

    /** The one who came last; it knows who came before. Almost always it is the only one. */
    private final ConcurrentMap<OperationRecord, Watcher> watchers = new ConcurrentHashMap<>();

    /**
     * Creates an engine.
     *
     * @param threads what runs the bodies; shut down by {@link #close()}
     */
    public LocalOperationEngine(ExecutorService threads) {
        this.threads = threads;
    }

    @Override
    public void submit(OperationRecord record, Runnable work) {
        threads.execute(new Runner(record, work));
    }

    @Override
    public void interrupt(OperationRecord record) {
        Runner runner = runners.get(record);
        if (runner != null) {
            runner.interrupt();
        }
    }

    @Override
    public void changed(OperationRecord record) {
        // Looked at before anybody is told: if the end comes later, its author tells them once more.
        boolean ended = record.current().status().isTerminal();
        Watcher last = ended ? watchers.remove(record) : watchers.get(record);
        if (last != null) {
            last.tellAll();
        }
    }

    @Override
    public Watch watch(OperationRecord record, Runnable onChange) {
        Watcher watcher = new Watcher(record, onChange);
        watchers.merge(record, watcher, (last, added) -> added.after(last));
        boolean ended = true;
        try {
            ended = record.current().status().isTerminal();
        } finally {
            if (ended) {
                // The last change may have been told already, and nothing would ever remove this watcher. Nor would
                // a caller that does not get it because the record cannot be read.
                watcher.close();
            }
        }
        return watcher;
    }

    @Override
    public void close() {
        threads.shutdown();
    }

    /** One who follows an operation, until its end at the latest. */
    private final class Watcher implements Watch {

        private final OperationRecord record;

        private final Runnable onChange;

        /** Who came before. Changed inside the map's own step alone. */
        private volatile @Nullable Watcher before;

        /** Who came next. Used inside the map's own step alone, as is what follows. */
        private @Nullable Watcher next;

        private boolean gone;

        Watcher(OperationRecord record, Runnable onChange) {
            this.record = record;
            this.onChange = onChange;
        }

        Watcher after(Watcher last) {
            before = last;
            last.next = this;
            return this;
        }

        /** In the order in which they came. */
        void tellAll() {
            if (before == null) {
                tell();
                return;
            }
            Deque<Watcher> all = new ArrayDeque<>();
            for (Watcher each = this; each != null; each = each.before) {
                all.addFirst(each);
            }
            all.forEach(Watcher::tell);
        }

        private void tell() {
            try {
                onChange.run();
            } catch (Throwable e) {
                logger.warn("A watcher of an operation failed; the others are still told", e);
            }
        }

        @Override
        public void close() {
            // Usually the end has come, and has taken all of them out.
            if (!watchers.containsKey(record)) {
                return;
            }
            watchers.computeIfPresent(record, (key, last) -> leave(last));
        }

        /** Returns who is the last of them now. */
        private @Nullable Watcher leave(Watcher last) {
            if (gone) {
                return last;
            }
            gone = true;
            Watcher former = before;
            if (former != null) {
                former.next = next;
            }
            if (next != null) {
                next.before = former;
            }
            // It may have been told of the end, and gone with all of its time, before the last came.
            return last == this ? former : last;
        }
    }

    /** Ties an operation to its thread for as long as the body runs, so that an interrupt hits that body alone. */
    private final class Runner implements Runnable {

        private final OperationRecord record;

        private final Runnable work;

        /** Guarded by this. */
        private @Nullable Thread thread;

        Runner(OperationRecord record, Runnable work) {
            this.record = record;
            this.work = work;
        }

        @Override
        public void run() {
            synchronized (this) {
                thread = Thread.currentThread();
            }
            runners.put(record, this);
            try {
                work.run();
            } finally {
                runners.remove(record);
                synchronized (this) {
                    thread = null;
                }
                // An interrupt that came before the line above was meant for this body, not for the thread's next one.
                Thread.interrupted();
            }
        }

        synchronized void interrupt() {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
