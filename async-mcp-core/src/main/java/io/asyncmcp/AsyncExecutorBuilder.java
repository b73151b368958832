package io.asyncmcp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.engine.LocalOperationEngine;
import io.asyncmcp.engine.OperationEngine;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.engine.OperationThreads.Kind;
import io.asyncmcp.store.InMemoryOperationStore;
import io.asyncmcp.store.OperationStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Puts an {@link AsyncExecutor} together. Everything has a default; time and threads can be given from outside.
 *
 * <p>Not thread-safe. What is given to the builder belongs to the executor and is shut down with it.
 *
 * @since 0.1.0
 */
public final class AsyncExecutorBuilder {

    /** Made as needed and given up when idle; as many as users' code may block at once before answers are held up. */
    private static final int CALLBACK_THREADS = 64;

    private static final int TIMEOUT_THREADS = 4;

    private ExecutorConfig config = ExecutorConfig.DEFAULTS;

    private Kind threadKind = Kind.AUTO;

    private Clock clock = Clock.systemUTC();

    private Ticker ticker = Ticker.systemTicker();

    private final List<OperationListener> listeners = new ArrayList<>();

    private final List<OperationInterceptor> interceptors = new ArrayList<>();

    private @Nullable OperationStore store;

    private @Nullable OperationEngine engine;

    private @Nullable ExecutorService operationThreads;

    private @Nullable ExecutorService timeoutThreads;

    private @Nullable ExecutorService callbackThreads;

    private @Nullable ScheduledExecutorService timer;

    private ToLongFunction<Object> resultWeigher = AsyncExecutorBuilder::length;

    private UnaryOperator<OperationFailure> keptFailure = OperationFailure::withoutCause;

    private Executor storeThreads = Runnable::run;

    AsyncExecutorBuilder() {}

    record Parts(
            ExecutorConfig config,
            OperationStore store,
            OperationEngine engine,
            ScheduledExecutorService timer,
            ExecutorService timeouts,
            ExecutorService callbacks,
            Executor storeThreads,
            Clock clock,
            Ticker ticker,
            List<OperationListener> listeners,
            List<OperationInterceptor> interceptors) {}

    /** Sets times and limits; {@link ExecutorConfig#DEFAULTS} by default. */
    public AsyncExecutorBuilder config(ExecutorConfig value) {
        config = Objects.requireNonNull(value, "config");
        return this;
    }

    /** Sets which kind of thread bodies run on; {@link Kind#AUTO} by default. */
    public AsyncExecutorBuilder threadKind(Kind value) {
        threadKind = Objects.requireNonNull(value, "threadKind");
        return this;
    }

    /** Sets the clock for what people read; the system's by default. */
    public AsyncExecutorBuilder clock(Clock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /** Sets the monotonic clock that waits, lifetimes and retention are measured with; the system's by default. */
    public AsyncExecutorBuilder ticker(Ticker value) {
        ticker = Objects.requireNonNull(value, "ticker");
        return this;
    }

    /** Sets the store; one in memory by default. */
    public AsyncExecutorBuilder store(OperationStore value) {
        store = Objects.requireNonNull(value, "store");
        return this;
    }

    /**
     * Sets what tells the size of a result in bytes, for the limit on the memory of ended operations; by default texts and byte arrays
     * have their length, and everything else none.
     */
    public AsyncExecutorBuilder resultWeigher(ToLongFunction<Object> value) {
        resultWeigher = Objects.requireNonNull(value, "resultWeigher");
        return this;
    }

    /**
     * Sets what is kept of a failure once everybody who waited has been told; by default its reason and its message. Called
     * for failures with a cause.
     */
    public AsyncExecutorBuilder keptFailure(UnaryOperator<OperationFailure> value) {
        keptFailure = Objects.requireNonNull(value, "keptFailure");
        return this;
    }

    private static long length(Object result) {
        return result instanceof CharSequence text ? text.length() : result instanceof byte[] bytes ? bytes.length : 0;
    }

    /**
     * Sets where the store may block; the calling thread by default, which fits a store in memory.
     *
     * <p>Look-ups run there, and what time-outs do: the ends of waits, lifetimes and the time for answers. With the default a
     * store that stalls holds up the four timeout threads, and with them everybody's time-outs; so does one that stalls on all
     * of the threads given.
     */
    public AsyncExecutorBuilder storeThreads(Executor value) {
        storeThreads = Objects.requireNonNull(value, "storeThreads");
        return this;
    }

    /** Sets the engine; one that uses this process's threads by default. */
    public AsyncExecutorBuilder engine(OperationEngine value) {
        engine = Objects.requireNonNull(value, "engine");
        return this;
    }

    /**
     * Sets the threads that bodies run on. They must run as many tasks at once as {@code maxRunning} and {@code maxAwaitingInput}
     * together: bodies that block until their questions are answered keep their threads.
     */
    public AsyncExecutorBuilder operationThreads(ExecutorService value) {
        operationThreads = Objects.requireNonNull(value, "operationThreads");
        return this;
    }

    /** Sets the threads for what time-outs do, which is short; where they ask the store they hand over to its threads. */
    public AsyncExecutorBuilder timeoutThreads(ExecutorService value) {
        timeoutThreads = Objects.requireNonNull(value, "timeoutThreads");
        return this;
    }

    /**
     * Sets the threads for users' code that may take its time: what bodies do with the answers to their questions, the
     * cancellation of their stages, and their callbacks.
     */
    public AsyncExecutorBuilder callbackThreads(ExecutorService value) {
        callbackThreads = Objects.requireNonNull(value, "callbackThreads");
        return this;
    }

    /** Sets the timer. Its tasks are short; it should forget cancelled ones. */
    public AsyncExecutorBuilder timer(ScheduledExecutorService value) {
        timer = Objects.requireNonNull(value, "timer");
        return this;
    }

    /** Adds a listener. */
    public AsyncExecutorBuilder listener(OperationListener value) {
        listeners.add(Objects.requireNonNull(value, "listener"));
        return this;
    }

    /** Adds an interceptor; those added later wrap those added before. */
    public AsyncExecutorBuilder interceptor(OperationInterceptor value) {
        interceptors.add(Objects.requireNonNull(value, "interceptor"));
        return this;
    }

    private static int saturated(int one, int other) {
        return (int) Math.min(Integer.MAX_VALUE, (long) one + other);
    }

    /**
     * Builds the executor. Its threads are made when they are needed.
     *
     * @return the executor; close it when it is no longer used
     */
    public AsyncExecutor build() {
        // Neither is virtual: bodies that compute for long may hold every carrier thread, and cancelling must still
        // work.
        ExecutorService callbacks = callbackThreads;
        if (callbacks == null) {
            callbacks = OperationThreads.newExecutor(Kind.PLATFORM, "async-mcp-callback-", CALLBACK_THREADS);
        }
        ExecutorService timeouts = timeoutThreads;
        if (timeouts == null) {
            timeouts = OperationThreads.newExecutor(Kind.PLATFORM, "async-mcp-timeout-", TIMEOUT_THREADS);
        }
        OperationEngine usedEngine = engine;
        if (usedEngine == null) {
            ExecutorService threads = operationThreads;
            if (threads == null) {
                ExecutorConfig.Limits limits = config.limits();
                // One that waits for an answer has no place, but perhaps a thread.
                threads = OperationThreads.newExecutor(
                        threadKind, "async-mcp-operation-", saturated(limits.maxRunning(), limits.maxAwaitingInput()));
            }
            usedEngine = new LocalOperationEngine(threads);
        }
        return new OperationExecutor(new Parts(
                config,
                store == null
                        ? new InMemoryOperationStore(
                                config.retentionPeriod(),
                                ticker,
                                config.limits().maxRetainedBytes(),
                                resultWeigher,
                                keptFailure)
                        : store,
                usedEngine,
                timer == null ? OperationThreads.newTimer("async-mcp-timer-") : timer,
                timeouts,
                callbacks,
                storeThreads,
                clock,
                ticker,
                List.copyOf(listeners),
                List.copyOf(interceptors)));
    }
}
