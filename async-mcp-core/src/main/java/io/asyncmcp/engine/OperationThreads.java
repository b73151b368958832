package io.asyncmcp.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The one place that makes threads.
 *
 * <p>A thread is made when somebody needs one, and serves others later. So it inherits nothing of its maker's: no inheritable
 * thread-locals, among which may be the identity of a user, no priority, and the class loader is that of the thread on which
 * the executor was made.
 *
 * <p>Virtual threads are looked up at run time, because the classes are compiled for Java 17 and an ahead-of-time
 * processed application may run on another JDK than it was built with.
 *
 * @since 0.1.0
 */
public final class OperationThreads {

    private static final long IDLE_SECONDS = 30;

    /** Which kind of thread to use. */
    public enum Kind {
        /** Virtual threads where the JDK has them (21 and later), platform threads elsewhere. */
        AUTO,
        /** Virtual threads; fails on a JDK that has none. */
        VIRTUAL,
        /** Platform threads: the choice for work that computes more than it waits. */
        PLATFORM
    }

    /** Bound once, so that the compiler sees through it; {@code null} on a JDK without virtual threads. */
    private static final @Nullable MethodHandle IS_VIRTUAL = virtualThreadsAvailable() ? isVirtual() : null;

    private OperationThreads() {}

    /**
     * Tells whether this JDK has virtual threads.
     *
     * @return {@code true} on 21 and later
     */
    public static boolean virtualThreadsAvailable() {
        return Runtime.version().feature() >= 21;
    }

    /**
     * Tells whether a thread is a virtual one.
     *
     * @param thread the thread
     * @return {@code false} on a JDK that has none
     */
    public static boolean isVirtual(Thread thread) {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
        } catch (Throwable e) {
            throw new IllegalStateException("Thread.isVirtual failed, which it never does", e);
        }
    }

    private static MethodHandle isVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw lacking(e);
        }
    }

    private static IllegalStateException lacking(ReflectiveOperationException cause) {
        return new IllegalStateException(
                "JDK " + Runtime.version().feature() + " should have virtual threads, but they cannot be made", cause);
    }

    /**
     * Makes the threads that bodies run on: a virtual thread each, or a pool of platform threads that grows to its bound
     * and shrinks when idle.
     *
     * @param kind which kind of thread
     * @param prefix how the threads' names begin; platform threads are numbered, virtual ones are all named {@code <prefix>virtual}
     * @param bound how many platform threads at the most; virtual threads are bounded by admission alone
     * @return the threads
     */
    public static ExecutorService newExecutor(Kind kind, String prefix, int bound) {
        if (kind == Kind.VIRTUAL && !virtualThreadsAvailable()) {
            throw new IllegalArgumentException("thread kind must not be VIRTUAL on JDK "
                    + Runtime.version().feature() + ": virtual threads need 21 or later, use AUTO");
        }
        if (kind == Kind.PLATFORM || !virtualThreadsAvailable()) {
            return new ThreadPoolExecutor(
                    0,
                    bound,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new IdleFirstQueue(),
                    platform(prefix),
                    OperationThreads::enqueue);
        }
        return newVirtualThreadExecutor(prefix);
    }

    /** Takes a task only if an idle thread does: else the pool makes a new one, up to its bound. */
    private static final class IdleFirstQueue extends LinkedTransferQueue<Runnable> {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean offer(Runnable task) {
            return tryTransfer(task);
        }

        void enqueue(Runnable task) {
            super.offer(task);
        }
    }

    /** All threads are busy, and there are as many as there may be. */
    private static void enqueue(Runnable task, ThreadPoolExecutor pool) {
        if (!pool.isShutdown() && pool.getQueue() instanceof IdleFirstQueue queue) {
            queue.enqueue(task);
            if (!pool.isShutdown() || !queue.remove(task)) {
                return;
            }
        }
        throw new RejectedExecutionException("the threads are shut down");
    }

    /**
     * Makes a timer of one thread that forgets cancelled tasks at once. Its tasks must be short: they hand over to other
     * threads.
     *
     * @param name the thread's name
     * @return the timer
     */
    public static ScheduledExecutorService newTimer(String name) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, platform(name));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        return timer;
    }

    private static ThreadFactory platform(String prefix) {
        AtomicLong count = new AtomicLong();
        return withOwnClassLoader(task -> {
            Thread thread = new Thread(null, task, prefix + count.getAndIncrement(), 0, false);
            thread.setDaemon(true);
            thread.setPriority(Thread.NORM_PRIORITY);
            return thread;
        });
    }

    /** Without one a thread that inherits nothing has the system's, which does not see the classes of an executable jar. */
    private static ThreadFactory withOwnClassLoader(ThreadFactory factory) {
        ClassLoader present = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = present == null ? OperationThreads.class.getClassLoader() : present;
        return task -> {
            Thread thread = factory.newThread(task);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    private static ExecutorService newVirtualThreadExecutor(String prefix) {
        try {
            Class<?> builderType = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            // One name for all: a thread for each operation would spend more on a name of its own than on itself.
            builder = builderType.getMethod("name", String.class).invoke(builder, prefix + "virtual");
            builder = builderType
                    .getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(builder, false);
            ThreadFactory factory = withOwnClassLoader(
                    (ThreadFactory) builderType.getMethod("factory").invoke(builder));
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw lacking(e);
        }
    }
}
