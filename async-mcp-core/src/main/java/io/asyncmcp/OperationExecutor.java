package io.asyncmcp;

import io.asyncmcp.engine.OperationEngine;
import io.asyncmcp.store.OperationRecord;
import io.asyncmcp.store.OperationStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executor: what users call, put together from a store, an engine, admission and timers. */
final class OperationExecutor implements AsyncExecutor {

    private static final Logger logger = LoggerFactory.getLogger(OperationExecutor.class);

    private static final Consumer<Operation> UNINTERESTED = operation -> {};

    private final ExecutorConfig config;

    private final OperationStore store;

    private final OperationEngine engine;

    private final ScheduledExecutorService timer;

    /** Runs what became due. */
    private final ExecutorService timeoutThreads;

    /** Waits and lifetimes: what every operation sets, and takes back. */
    private final Timeouts timeouts;

    private final ExecutorService callbacks;

    private final Executor storeThreads;

    private final Clock clock;

    private final List<OperationListener> listeners;

    private final List<OperationInterceptor> interceptors;

    private final Admission admission;

    /** Every operation whose body has not returned, known under an id or not. */
    private final ConcurrentMap<OperationRecord, OperationTask> tasks = new ConcurrentHashMap<>();

    private final ConcurrentMap<FlightKey, OperationTask> flights = new ConcurrentHashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();

    private final Function<OperationRecord, Operation> promotion = this::promote;

    private final Function<OperationRecord, Operation> reading = this::read;

    private final AtomicBoolean closed = new AtomicBoolean();

    /** Ends that the store could not tell when they were to be told, while they are. */
    private final ConcurrentMap<OperationRecord, Operation> unread = new ConcurrentHashMap<>();

    /** Operations whose end has not been told to everybody. */
    private final AtomicInteger untold = new AtomicInteger();

    /** Held while a shutdown begins, begins to cancel, or is taken back. */
    private final Object stopping = new Object();

    /** The shutdown under way or over; {@code null} while operations are taken. Written under {@code stopping}. */
    private volatile @Nullable Drain drain;

    OperationExecutor(AsyncExecutorBuilder.Parts parts) {
        this.config = parts.config();
        this.store = parts.store();
        this.engine = parts.engine();
        this.timer = parts.timer();
        this.timeoutThreads = parts.timeouts();
        this.callbacks = parts.callbacks();
        this.storeThreads = parts.storeThreads();
        // Whatever becomes due asks the store, and the few timeout threads are everybody's.
        this.timeouts =
                new Timeouts(timer, due -> runOn(timeoutThreads, () -> runOn(storeThreads, due)), parts.ticker());
        this.clock = parts.clock();
        this.listeners = List.copyOf(parts.listeners());
        this.interceptors = List.copyOf(parts.interceptors());
        this.admission = new Admission(config.limits());
        long interval = nanos(config.cleanupInterval());
        timer.scheduleWithFixedDelay(
                () -> runOn(timeoutThreads, this::cleanupInBackground), interval, interval, TimeUnit.NANOSECONDS);
    }

    /** Keeps the hash of the user's key: the flight must be found again even if the key is changed meanwhile. */
    private record FlightKey(String type, OperationOwner owner, Object key, int hash) {

        static FlightKey of(ExecuteOptions options, Object key) {
            return new FlightKey(
                    options.type(), options.owner(), key, Objects.hash(options.type(), options.owner(), key));
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    // ---- starting ----------------------------------------------------------------------------------------------

    @Override
    public Operation execute(OperationBody body, ExecuteOptions options) throws InterruptedException {
        return BlockingWait.await(executeAsync(body, options));
    }

    @Override
    public CompletionStage<Operation> executeAsync(OperationBody body, ExecuteOptions options) {
        return executeAsync(body, options, UNINTERESTED);
    }

    @Override
    public CompletionStage<Operation> executeAsync(
            OperationBody body, ExecuteOptions options, Consumer<Operation> onChange) {
        OperationTask task = startOrJoin(body, options);
        Duration timeout = options.timeout() == null ? config.defaultTimeout() : options.timeout();
        return waitFor(task.record(), timeout, onChange, promotion);
    }

    @Override
    public Operation submit(OperationBody body, ExecuteOptions options) {
        OperationTask task = startOrJoin(body, options);
        OperationRecord record = task.record();
        Operation published = record.publish();
        Duration ttl = options.ttl();
        // A caller that joins may have been promised more than the leader was.
        while (ttl != null && !published.status().isTerminal() && published.withTtlOfAtLeast(ttl) != published) {
            record.compareAndSet(published, published.withTtlOfAtLeast(ttl));
            published = record.current();
        }
        if (!published.status().isTerminal()) {
            notifyPromoted(published);
        }
        return published;
    }

    private void notifyPromoted(Operation published) {
        notifyListeners(listener -> listener.promoted(published));
    }

    private OperationTask startOrJoin(OperationBody body, ExecuteOptions options) {
        Object key = options.singleFlightKey();
        FlightKey flight = key == null ? null : FlightKey.of(options, key);
        OperationTask leader = flight == null ? null : leaderOf(flight);
        if (leader != null) {
            return join(leader);
        }
        OperationBody intercepted = body;
        for (OperationInterceptor interceptor : interceptors) {
            intercepted = interceptor.intercept(intercepted, options);
        }
        Operation first = Operation.queued(options.type(), options.owner(), now(), options.ttl());
        OperationRecord record = store.create(first);
        OperationTask task = new OperationTask(this, record, options, intercepted, flight);
        boolean runs = false;
        try {
            if (flight == null) {
                runs = admit(task);
            } else {
                // Admitted and visible to joiners in one step: nobody joins what is refused a moment later.
                synchronized (flights) {
                    leader = leaderOf(flight);
                    if (leader == null) {
                        runs = admit(task);
                        flights.put(flight, task);
                    }
                }
            }
        } catch (OperationRejectedException e) {
            notifyListeners(listener -> listener.rejected(options.type(), e.limit()));
            throw e;
        }
        if (leader != null) {
            return join(leader);
        }
        notifyListeners(listener -> listener.started(first));
        Drain now = drain;
        if (now != null && now.isCancelling()) {
            // Admitted just before the executor closed, and missed by its round.
            task.cancel();
        }
        task.announced();
        if (runs) {
            submit(task);
        }
        return task;
    }

    /** Admits a task and makes it known, before anybody can give its place back. */
    private boolean admit(OperationTask task) {
        boolean runs = admission.admit(task);
        untold.incrementAndGet();
        tasks.put(task.record(), task);
        return runs;
    }

    private @Nullable OperationTask leaderOf(FlightKey flight) {
        OperationTask leader = flights.get(flight);
        return leader == null || leader.isCancelled() ? null : leader;
    }

    private OperationTask join(OperationTask leader) {
        notifyListeners(listener -> listener.joined(leader.record().current()));
        return leader;
    }

    /**
     * Runs an operation that has a place, once its start has been told. Never throws: the thread that calls this has an end of
     * its own to tell.
     *
     * <p>A loop and not a recursion: with no thread to be had, the whole queue fails here.
     */
    void submit(OperationTask first) {
        OperationTask task = first;
        while (task != null) {
            OperationTask present = task;
            if (present.holds(() -> submit(present))) {
                return;
            }
            if (present.hasBegun()) {
                present.goOn();
                return;
            }
            try {
                engine.submit(task.record(), task);
                return;
            } catch (Throwable e) {
                // Without this the operation would stay queued for ever and keep its place.
                logger.warn(
                        "An operation of type {} could not be started",
                        task.options().type(),
                        e);
                task = task.notStarted(new IllegalStateException("no thread to run the operation on", e));
            }
        }
    }

    // ---- waiting -----------------------------------------------------------------------------------------------

    private CompletableFuture<Operation> waitFor(
            OperationRecord record,
            Duration limit,
            Consumer<Operation> onChange,
            Function<OperationRecord, Operation> atTimeout) {
        Operation now = record.current();
        if (now.status().isTerminal()) {
            return OperationWait.over(now, onChange);
        }
        Duration wait = limit.compareTo(config.maxWait()) > 0 ? config.maxWait() : limit;
        if (wait.isNegative() || wait.isZero()) {
            return CompletableFuture.completedFuture(atTimeout.apply(record));
        }
        OperationWait waiter = new OperationWait(record, reading, onChange, atTimeout, waiting);
        waiter.begin(engine, timeouts, wait);
        return waiter;
    }

    /** Gives a running operation its id, for a caller that stops waiting. One that has just ended needs none. */
    private Operation promote(OperationRecord record) {
        Operation now = record.current();
        if (now.status().isTerminal()) {
            return now;
        }
        Operation published = record.publish();
        if (!published.status().isTerminal()) {
            notifyPromoted(published);
        }
        return published;
    }

    @Override
    public Operation continueOperation(String id, @Nullable OperationOwner owner, Duration wait)
            throws InterruptedException {
        return BlockingWait.await(continueOperationAsync(id, owner, wait));
    }

    @Override
    public CompletionStage<Operation> continueOperationAsync(String id, @Nullable OperationOwner owner, Duration wait) {
        return continueOperationAsync(id, owner, wait, UNINTERESTED);
    }

    @Override
    public CompletionStage<Operation> continueOperationAsync(
            String id, @Nullable OperationOwner owner, Duration wait, Consumer<Operation> onChange) {
        CompletableFuture<Operation> answer = new CompletableFuture<>();
        onStoreThreads(() -> fetch(lookUp(id, owner), wait, onChange)).whenComplete((fetch, notFound) -> {
            if (notFound != null) {
                answer.completeExceptionally(notFound);
                return;
            }
            fetch.waiter().whenComplete((operation, error) -> {
                if (error == null) {
                    if (operation.status().isTerminal()) {
                        // Before its caller knows, who may come back at once.
                        fetched(fetch.record());
                    }
                    answer.complete(operation);
                } else {
                    answer.completeExceptionally(error);
                }
            });
            // A caller that goes away ends its wait. If it is the wait that ended, this does nothing.
            answer.whenComplete((operation, error) -> fetch.waiter().cancel(false));
        });
        return answer;
    }

    /** What is kept for longer than it need be harms nobody; a caller that never gets its answer does. */
    private static void fetched(OperationRecord record) {
        try {
            record.fetched();
        } catch (Throwable e) {
            logger.warn("That a result was fetched could not be recorded; it is kept for its retention", e);
        }
    }

    private record Fetch(OperationRecord record, CompletableFuture<Operation> waiter) {}

    private Fetch fetch(OperationRecord record, Duration wait, Consumer<Operation> onChange) {
        return new Fetch(record, waitFor(record, wait, onChange, OperationRecord::current));
    }

    // ---- looking up --------------------------------------------------------------------------------------------

    private OperationRecord lookUp(String id, @Nullable OperationOwner owner) {
        return store.find(id)
                .filter(record -> owner == null || owner.mayAccess(record.current()))
                .orElseThrow(OperationNotFoundException::new);
    }

    @Override
    public Operation find(String id, @Nullable OperationOwner owner) {
        return lookUp(id, owner).current();
    }

    @Override
    public CompletionStage<Operation> findAsync(String id, @Nullable OperationOwner owner) {
        return onStoreThreads(() -> find(id, owner));
    }

    @Override
    public List<Operation> operations(OperationQuery query) {
        return store.list(query);
    }

    @Override
    public CompletionStage<List<Operation>> operationsAsync(OperationQuery query) {
        return onStoreThreads(() -> operations(query));
    }

    @Override
    public Watch watch(String id, @Nullable OperationOwner owner, Consumer<Operation> onChange) {
        OperationRecord record = lookUp(id, owner);
        return engine.watch(record, () -> onChange.accept(read(record)));
    }

    @Override
    public CompletionStage<Watch> watchAsync(String id, @Nullable OperationOwner owner, Consumer<Operation> onChange) {
        return onStoreThreads(() -> watch(id, owner, onChange));
    }

    /** Unlike {@code supplyAsync}, ends with the very exception that was thrown. */
    private <T> CompletableFuture<T> onStoreThreads(Supplier<T> lookUp) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        storeThreads.execute(() -> {
            try {
                answer.complete(lookUp.get());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    // ---- steering ----------------------------------------------------------------------------------------------

    @Override
    public boolean cancel(String id, @Nullable OperationOwner owner) {
        OperationRecord record = lookUp(id, owner);
        OperationTask task = tasks.get(record);
        return task != null && task.cancel();
    }

    @Override
    public CompletionStage<Boolean> cancelAsync(String id, @Nullable OperationOwner owner) {
        return onStoreThreads(() -> cancel(id, owner));
    }

    @Override
    public boolean claimInput(String id, @Nullable OperationOwner owner, String key) {
        return changeInput(lookUp(id, owner), key, input -> input.delivered() ? null : input.withDelivered());
    }

    @Override
    public boolean releaseInput(String id, @Nullable OperationOwner owner, String key) {
        return changeInput(lookUp(id, owner), key, input -> input.delivered() ? input.withoutDelivery() : null);
    }

    @Override
    public boolean answerInput(String id, @Nullable OperationOwner owner, String key, InputResponse response) {
        return answer(lookUp(id, owner), key, response);
    }

    boolean answer(OperationRecord record, String key, InputResponse response) {
        OperationTask task = response.weight() == 0 ? null : tasks.get(record);
        if (task == null) {
            return changeInput(record, key, input -> input.withResponse(response));
        }
        if (record.current().pendingInputs().stream()
                .noneMatch(input -> input.key().equals(key))) {
            return false;
        }
        boolean taken = false;
        admission.weigh(task, response.weight());
        try {
            taken = changeInput(record, key, input -> input.withResponse(response));
        } finally {
            if (!taken) {
                admission.unweigh(task, response.weight());
            }
        }
        return taken;
    }

    /** Changes one pending input; an answer that races with the operation's end loses here. */
    private boolean changeInput(OperationRecord record, String key, InputChange change) {
        while (true) {
            Operation now = record.current();
            if (now.status().isTerminal()) {
                return false;
            }
            List<InputRequest> inputs = new ArrayList<>(now.inputs());
            boolean changed = false;
            for (int i = 0; i < inputs.size(); i++) {
                InputRequest input = inputs.get(i);
                InputRequest next = input.key().equals(key) && input.isPending() ? change.apply(input) : null;
                if (next != null) {
                    inputs.set(i, next);
                    changed = true;
                }
            }
            if (!changed) {
                return false;
            }
            if (record.compareAndSet(now, now.withInputs(inputs, now()))) {
                changed(record);
                return true;
            }
        }
    }

    private interface InputChange {
        @Nullable
        InputRequest apply(InputRequest input);
    }

    // ---- clearing away -----------------------------------------------------------------------------------------

    @Override
    public int cleanup() {
        int gone = store.expire();
        if (gone > 0) {
            notifyListeners(listener -> listener.expired(gone));
        }
        return gone;
    }

    @Override
    public CompletionStage<Integer> cleanupAsync() {
        return onStoreThreads(this::cleanup);
    }

    private void cleanupInBackground() {
        try {
            cleanupAsync().whenComplete((gone, error) -> {
                if (error != null) {
                    logger.warn("Clearing away expired operations failed; it is tried again", error);
                }
            });
        } catch (RejectedExecutionException e) {
            logger.debug("No clean-up: the executor is closed", e);
        }
    }

    @Override
    public String storeDescription() {
        return store.description();
    }

    @Override
    public ExecutorStatistics statistics() {
        int queued = 0;
        int working = 0;
        int inputRequired = 0;
        int abandoned = 0;
        for (OperationTask task : tasks.values()) {
            switch (task.record().current().status()) {
                case QUEUED -> queued++;
                case WORKING -> working++;
                case INPUT_REQUIRED -> inputRequired++;
                case COMPLETED, FAILED, CANCELLED -> abandoned++;
            }
        }
        return new ExecutorStatistics(queued, working, inputRequired, abandoned, waiting.get(), store.size());
    }

    @Override
    public int open() {
        return untold.get();
    }

    @Override
    public ResultMemory resultMemory() {
        return store.resultMemory();
    }

    // ---- stopping ----------------------------------------------------------------------------------------------

    @Override
    public CompletionStage<Integer> shutdown(Duration grace) {
        Drain begun = beginDrain();
        stopIfDrained();
        if (grace.isNegative() || grace.isZero()) {
            cancelAll(begun);
        } else if (!begun.over().isDone()) {
            Future<?> deadline = schedule(() -> cancelAll(begun), grace);
            begun.over().whenComplete((count, error) -> deadline.cancel(false));
        }
        return begun.over().copy();
    }

    private Drain beginDrain() {
        synchronized (stopping) {
            admission.close();
            Drain present = drain;
            if (present == null) {
                present = new Drain();
                drain = present;
            }
            return present;
        }
    }

    @Override
    public void restart() {
        Drain old;
        synchronized (stopping) {
            if (closed.get()) {
                throw new IllegalStateException("a closed executor cannot be restarted");
            }
            old = drain;
            drain = null;
            admission.open();
        }
        if (old != null) {
            old.end();
        }
    }

    /** Tells a shutdown in progress that there is nothing left to wait for. */
    private void stopIfDrained() {
        Drain now = drain;
        if (now != null && admission.isIdle() && untold.get() == 0) {
            // In this order: what is idle because everything was cancelled is seen to be cancelling.
            now.drained();
        }
    }

    private void cancelAll(Drain begun) {
        List<OperationTask> doomed;
        synchronized (stopping) {
            if (begun != drain) {
                // Restarted meanwhile: what runs now has nothing to do with that shutdown.
                return;
            }
            begun.cancelling();
            doomed = List.copyOf(tasks.values());
        }
        // The queue first, or else a place that comes free starts what waits there only to cancel it.
        cancelAll(begun, doomed, task -> task.record().current().status() == OperationStatus.QUEUED);
        cancelAll(begun, doomed, task -> true);
        begun.end();
    }

    private void cancelAll(Drain begun, List<OperationTask> doomed, Predicate<OperationTask> which) {
        for (OperationTask task : doomed) {
            try {
                if (which.test(task) && task.cancel()) {
                    begun.cancelledOne();
                }
            } catch (Throwable e) {
                // Whatever it is: a caller that waits for the shutdown must hear of its end, and the others be
                // cancelled.
                logger.warn(
                        "An operation of type {} could not be cancelled at shutdown",
                        task.options().type(),
                        e);
            }
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Drain begun = beginDrain();
        giveUp(
                () -> cancelAll(begun),
                timer::shutdownNow,
                // Those too that were cancelled before, and took no notice.
                () -> tasks.values().forEach(this::interrupt),
                engine::close,
                store::close,
                timeoutThreads::shutdown,
                callbacks::shutdown);
    }

    /** Takes every step, whatever those before it throw: nobody closes a second time. */
    private static void giveUp(Runnable... steps) {
        Throwable fault = null;
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (Throwable e) {
                if (fault == null) {
                    fault = e;
                } else if (fault != e) {
                    fault.addSuppressed(e);
                }
            }
        }
        if (fault instanceof Error error) {
            throw error;
        }
        if (fault != null) {
            throw fault instanceof RuntimeException unchecked
                    ? unchecked
                    : new IllegalStateException("not everything could be closed", fault);
        }
    }

    // ---- what tasks need ---------------------------------------------------------------------------------------

    ExecutorConfig config() {
        return config;
    }

    Timeouts timeouts() {
        return timeouts;
    }

    Instant now() {
        return clock.instant();
    }

    Duration lifetimeOf(ExecuteOptions options) {
        return options.maxLifetime() == null ? config.maxLifetime() : options.maxLifetime();
    }

    Operation publish(OperationTask task) {
        return task.record().publish();
    }

    Watch watch(OperationRecord record, Runnable onChange) {
        return engine.watch(record, onChange);
    }

    boolean isClosed() {
        return closed.get();
    }

    void changed(OperationRecord record) {
        try {
            engine.changed(record);
        } catch (Throwable e) {
            logger.warn("The news of an operation's change did not get out", e);
        }
    }

    /** Tells of an end, with what is known of it here where the store cannot be asked. */
    private void tell(OperationRecord record, Operation end) {
        try {
            engine.changed(record);
        } catch (Throwable e) {
            logger.warn("The end of an operation of type {} could not be read when it was told", end.type(), e);
            unread.put(record, end);
            changed(new KnownEnd(record, end));
            unread.remove(record);
        }
    }

    /** Reads a record on behalf of one who has been told of a change. */
    Operation read(OperationRecord record) {
        try {
            return record.current();
        } catch (Throwable e) {
            Operation end = unread.get(record);
            if (end == null) {
                throw e;
            }
            return end;
        }
    }

    /** Runs something later, on a timeout thread: the timer's own thread only hands over. */
    private Future<?> schedule(Runnable action, Duration delay) {
        try {
            return timer.schedule(() -> runOn(timeoutThreads, action), nanos(delay), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed in the meantime, which cancels every operation: there is nothing left to be timed.
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Runs users' code, which may block, and must not keep time-outs from firing. */
    void callback(Runnable action) {
        runOn(callbacks, action);
    }

    private static void runOn(Executor threads, Runnable action) {
        try {
            threads.execute(action);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // Closed, or no thread to be had.
            action.run();
        }
    }

    /** Cut to what a long can hold, 292 years: that is how people write "for ever". */
    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    boolean withdraw(OperationTask task) {
        return admission.withdraw(task);
    }

    boolean interrupts(ExecuteOptions options) {
        Boolean wanted = options.interruptOnCancel();
        return wanted == null ? config.interruptOnCancel() : wanted;
    }

    /** Gives a place up to the next operation that waits for one. */
    void park(OperationTask task) {
        OperationTask next = admission.park(task);
        if (next != null) {
            submit(next);
        }
    }

    boolean unpark(OperationTask task) {
        return admission.unpark(task);
    }

    void giveUpTurn(OperationTask task) {
        admission.giveUpTurn(task);
    }

    /** Lets go of an answer that the body is told of: what clients send is kept for no longer than it is needed. */
    void heard(OperationRecord record, String key) {
        try {
            while (true) {
                Operation now = record.current();
                Operation next = now.withoutAnswered(key);
                if (now.status().isTerminal() || next == now || record.compareAndSet(now, next)) {
                    return;
                }
            }
        } catch (Throwable e) {
            logger.debug("An answer is kept until its operation ends", e);
        }
    }

    void interrupt(OperationTask task) {
        if (!interrupts(task.options())) {
            return;
        }
        try {
            engine.interrupt(task.record());
        } catch (Throwable e) {
            logger.warn(
                    "The body of an operation of type {} could not be interrupted",
                    task.options().type(),
                    e);
        }
    }

    /**
     * The body has returned, or never ran.
     *
     * @return the operation whose turn it is now, or {@code null}
     */
    @Nullable
    OperationTask released(OperationTask task) {
        tasks.remove(task.record());
        OperationTask next = task.neverHadItsTurn() ? null : admission.release(task);
        stopIfDrained();
        return next;
    }

    /** Called once for each operation, by the winner of the race for its end. */
    void ended(OperationTask task, Operation end) {
        Object flight = task.flight();
        if (flight != null) {
            flights.remove(flight, task);
        }
        logEnd(end);
        notifyListeners(listener -> listener.ended(end));
        tell(task.record(), end);
        if (end.failure() != null) {
            told(task.record());
        }
        untold.decrementAndGet();
        stopIfDrained();
    }

    private static void told(OperationRecord record) {
        try {
            record.told();
        } catch (Throwable e) {
            logger.warn("That an end has been told could not be recorded; its exception is kept for its retention", e);
        }
    }

    private static void logEnd(Operation end) {
        if (logger.isDebugEnabled()) {
            String id = end.id();
            logger.debug(
                    "Operation {} of type {} ended as {}",
                    id == null ? "without id" : OperationIds.hash(id),
                    end.type(),
                    end.status());
        }
    }

    private void notifyListeners(Consumer<OperationListener> event) {
        // No iterator: this is on the way of every call, and most executors have one listener or none.
        for (int i = 0; i < listeners.size(); i++) {
            try {
                event.accept(listeners.get(i));
            } catch (Throwable e) {
                logger.warn("A listener failed; the operation goes on", e);
            }
        }
    }
}
