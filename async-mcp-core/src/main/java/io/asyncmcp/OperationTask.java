package io.asyncmcp;

import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.store.OperationRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operation that this process runs: from admission until its body has returned.
 *
 * <p>All ends meet in {@link #tryEnd}: the body's return, cancellation, the lifetime and shutdown each try one
 * compare-and-set there, and only the winner does what follows an end. As a time-out it is the end of the lifetime.
 */
final class OperationTask extends Timeouts.Timeout implements OperationContext, Runnable {

    private static final Logger logger = LoggerFactory.getLogger(OperationTask.class);

    private final OperationExecutor executor;

    private final OperationRecord record;

    private final ExecuteOptions options;

    private final OperationBody body;

    /** What the executor knows this operation by while others may join it. */
    private final @Nullable Object flight;

    private static final AtomicIntegerFieldUpdater<OperationTask> RELEASED =
            AtomicIntegerFieldUpdater.newUpdater(OperationTask.class, "released");

    /** 1 once the body has returned and its place was given back. */
    private volatile int released;

    private static final AtomicIntegerFieldUpdater<OperationTask> TOLD =
            AtomicIntegerFieldUpdater.newUpdater(OperationTask.class, "told");

    /** 1 once the end is being told, which happens once. */
    private volatile int told;

    /** Guarded by this. */
    private @Nullable List<Runnable> cancelCallbacks;

    /** Whether the callbacks have been handed out. Guarded by this. */
    private boolean bodyTold;

    /** What an asynchronous body returned, to be cancelled with the operation. Guarded by this. */
    private @Nullable CompletionStage<?> stage;

    /** Set before the release that reads it, by the thread that took the operation out of the queue. */
    private volatile boolean withdrawn;

    /** The keys of input requests so far. Guarded by this. */
    private @Nullable Set<String> inputKeys;

    /** Binds what interceptors have bound to the body's thread. Written under the lock of this. */
    private volatile @Nullable UnaryOperator<Runnable> callbackWrapper;

    /** Set when the body's thread has taken it up; never twice. */
    private volatile boolean begun;

    /** What the body is to hear once it has a place again. Guarded by this. */
    private @Nullable List<Runnable> answers;

    private final Admission.Standing standing = new Admission.Standing();

    /** Whether the listeners know of the operation. Written under the lock of this. */
    private volatile boolean announced;

    /** What waits until they do. Guarded by this. */
    private @Nullable List<Runnable> held;

    OperationTask(
            OperationExecutor executor,
            OperationRecord record,
            ExecuteOptions options,
            OperationBody body,
            @Nullable Object flight) {
        this.executor = executor;
        this.record = record;
        this.options = options;
        this.body = body;
        this.flight = flight;
    }

    OperationRecord record() {
        return record;
    }

    ExecuteOptions options() {
        return options;
    }

    @Nullable
    Object flight() {
        return flight;
    }

    boolean hasBegun() {
        return begun;
    }

    Admission.Standing standing() {
        return standing;
    }

    boolean neverHadItsTurn() {
        return withdrawn;
    }

    // ---- announcing --------------------------------------------------------------------------------------------

    /** Lets the operation begin and end in public; to be called once its start has been told. */
    void announced() {
        List<Runnable> steps;
        synchronized (this) {
            announced = true;
            steps = held;
            held = null;
        }
        if (steps != null) {
            steps.forEach(Runnable::run);
        }
    }

    /**
     * Keeps a step back until the start has been told. The turn of a queued operation, or its cancellation, may come before the
     * thread that started it got that far.
     *
     * @return {@code false} if it has been told: the step is the caller's to take
     */
    boolean holds(Runnable step) {
        return !announced && hold(step);
    }

    private synchronized boolean hold(Runnable step) {
        if (announced) {
            return false;
        }
        if (held == null) {
            held = new ArrayList<>(2);
        }
        held.add(step);
        return true;
    }

    // ---- running -----------------------------------------------------------------------------------------------

    /** Runs the body on the present thread. Never throws: an error that escaped here would lose the operation. */
    @Override
    public void run() {
        begun = true;
        Object result;
        try {
            if (!begin()) {
                release();
                return;
            }
            startLifetime();
            try {
                result = body.run(this);
            } finally {
                // Code that is told of the end on this thread must not be hit by an interrupt the body left behind.
                Thread.interrupted();
            }
            if (result instanceof CompletionStage<?> asynchronous) {
                followStage(asynchronous);
                return;
            }
        } catch (Throwable e) {
            fail(e);
            return;
        }
        complete(result);
    }

    /** What a store throws is nothing for a client to read, unlike what the body does. */
    private boolean begin() {
        try {
            return change(now -> now.working(executor.now()));
        } catch (Throwable e) {
            logger.error("The start of an operation of type {} could not be recorded", options.type(), e);
            throw new IllegalStateException("the operation could not be started", e);
        }
    }

    private void followStage(CompletionStage<?> asynchronous) {
        synchronized (this) {
            stage = asynchronous;
        }
        asynchronous.whenComplete((value, error) -> {
            if (error == null) {
                complete(value);
            } else {
                fail(error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
        });
        if (isCancelled()) {
            // Lost the race with a cancellation that looked for the stage before it was there.
            callback(this::cancelStage);
        }
    }

    private void complete(@Nullable Object result) {
        boolean failed;
        try {
            failed = options.reportsFailure().test(result);
        } catch (Throwable e) {
            fail(e);
            return;
        }
        if (failed) {
            OperationFailure failure = new OperationFailure(Reason.ERROR_RESULT, "the result reports an error", null);
            finish(now -> now.failed(failure, result, executor.now()));
        } else {
            finish(now -> now.completed(result, executor.now()));
        }
    }

    private void fail(Throwable error) {
        // A stack that overflows is a fault of the body like others, and its trace has a thousand lines.
        boolean unwell = error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
        if (unwell && !hasEnded()) {
            logger.error("An operation of type {} failed with an error of the virtual machine", options.type(), error);
        }
        String message = TextLimit.cut(describe(error), maxMessageBytes());
        OperationFailure failure = new OperationFailure(Reason.EXCEPTION, message, error);
        finish(now -> now.failed(failure, null, executor.now()));
    }

    /** Where the store cannot tell, it is as if it had not. */
    private boolean hasEnded() {
        try {
            return isCancelled();
        } catch (Throwable e) {
            return false;
        }
    }

    private static String describe(Throwable error) {
        String message;
        try {
            message = error.getMessage();
        } catch (Throwable broken) {
            message = null;
        }
        return message == null || message.isBlank() ? error.getClass().getSimpleName() : message;
    }

    private void finish(UnaryOperator<Operation> transition) {
        Operation end = tryEndAfterBody(transition);
        // The place comes free before anybody hears of the end, so that a caller that waited can start the next one.
        release();
        if (end != null) {
            afterEnd(end);
        }
    }

    private @Nullable Operation tryEndAfterBody(UnaryOperator<Operation> transition) {
        try {
            return tryEnd(transition);
        } catch (Throwable e) {
            tryAgain(() -> recordEnd(transition), e);
            return null;
        }
    }

    /** The body has returned long ago, and its end is not in the store yet. */
    private void recordEnd(UnaryOperator<Operation> transition) {
        try {
            Operation end = tryEnd(transition);
            // If somebody else was faster, or the store had taken it after all, it may be that nobody was told.
            afterEnd(end == null ? record.current() : end);
        } catch (Throwable e) {
            tryAgain(() -> recordEnd(transition), e);
        }
    }

    /** Tries an end again that the store did not take, until it does. Never throws: a place is yet to be given back. */
    private void tryAgain(Runnable attempt, Throwable cause) {
        try {
            logger.error(
                    "The end of an operation of type {} could not be recorded; it is tried again in {} s",
                    options.type(),
                    executor.config().cleanupInterval().toSeconds(),
                    cause);
            // Else the end of the lifetime could be recorded in the place of this one.
            takeBack();
            executor.timeouts().set(new Attempt(attempt), executor.config().cleanupInterval());
        } catch (Throwable e) {
            logger.error("The end of an operation of type {} is not tried again", options.type(), e);
        }
    }

    private static final class Attempt extends Timeouts.Timeout {

        private final Runnable action;

        Attempt(Runnable action) {
            this.action = action;
        }

        @Override
        void due() {
            action.run();
        }
    }

    private void release() {
        OperationTask next = giveBack();
        if (next != null) {
            executor.submit(next);
        }
    }

    private @Nullable OperationTask giveBack() {
        if (!RELEASED.compareAndSet(this, 0, 1)) {
            return null;
        }
        OperationTask next = executor.released(this);
        // Somebody may wait for an answer that the body did not.
        goOn();
        return next;
    }

    // ---- ending ------------------------------------------------------------------------------------------------

    /**
     * Cancels the operation unless it has ended.
     *
     * @return {@code false} if it had
     */
    boolean cancel() {
        return stop(now -> now.cancelled(executor.now()));
    }

    /** The end of the lifetime. */
    @Override
    void due() {
        Duration allowed = executor.lifetimeOf(options);
        OperationFailure failure = new OperationFailure(
                Reason.LIFETIME_EXCEEDED, "exceeded maximum lifetime of " + allowed.toSeconds() + " s", null);
        try {
            stop(now -> now.failed(failure, null, executor.now()));
        } catch (Throwable e) {
            tryAgain(this::due, e);
        }
    }

    /**
     * The body could not be given a thread.
     *
     * @return the operation whose turn it is instead, or {@code null}
     */
    @Nullable
    OperationTask notStarted(RuntimeException cause) {
        OperationFailure failure =
                new OperationFailure(Reason.NOT_STARTED, "the operation could not be started", cause);
        // Threads that are gone because the executor closes are no failure of the operation's.
        Operation end = tryEndAfterBody(
                now -> executor.isClosed() ? now.cancelled(executor.now()) : now.failed(failure, null, executor.now()));
        OperationTask next = giveBack();
        if (end != null) {
            afterEnd(end);
        }
        return next;
    }

    /** Ends an operation whose body may be running, against the body's will. */
    private boolean stop(UnaryOperator<Operation> transition) {
        Operation end = tryEnd(transition);
        if (end == null) {
            return false;
        }
        if (executor.withdraw(this)) {
            withdrawn = true;
            release();
        } else {
            executor.interrupt(this);
            hurry();
        }
        tellBody();
        afterEnd(end);
        return true;
    }

    /** The one compare-and-set that every end goes through. The loser gets {@code null}. */
    private @Nullable Operation tryEnd(UnaryOperator<Operation> transition) {
        while (true) {
            Operation now = record.current();
            if (now.status().isTerminal()) {
                return null;
            }
            Operation next = transition.apply(now);
            if (compareAndSet(now, next)) {
                return next;
            }
        }
    }

    /** A store may fail when it has done what it should. */
    private boolean compareAndSet(Operation now, Operation next) {
        try {
            return record.compareAndSet(now, next);
        } catch (Throwable e) {
            if (record.current() == next) {
                logger.warn("The end of an operation of type {} was recorded, but its store failed", options.type(), e);
                return true;
            }
            throw e;
        }
    }

    private void afterEnd(Operation end) {
        if (!TOLD.compareAndSet(this, 0, 1)) {
            return;
        }
        takeBack();
        if (!holds(() -> executor.ended(this, end))) {
            executor.ended(this, end);
        }
    }

    private void cancelStage() {
        CompletionStage<?> asynchronous;
        synchronized (this) {
            asynchronous = stage;
        }
        if (asynchronous != null) {
            try {
                asynchronous.toCompletableFuture().cancel(executor.interrupts(options));
            } catch (Throwable e) {
                // Not every stage can be cancelled. Its operation has ended all the same, and keeps its place until it
                // does.
                logger.debug("The stage of an operation of type {} cannot be cancelled", options.type(), e);
            }
        }
    }

    private void startLifetime() {
        executor.timeouts().set(this, executor.lifetimeOf(options));
        if (isCancelled()) {
            takeBack();
        }
    }

    /**
     * Cancels the body's stage and runs its callbacks, in this order. All of that is users' code, which may block, and
     * the thread that cancels may be a transport's reader or a time-out's.
     */
    private void tellBody() {
        List<Runnable> callbacks;
        boolean asynchronous;
        synchronized (this) {
            callbacks = cancelCallbacks == null ? List.of() : cancelCallbacks;
            cancelCallbacks = null;
            bodyTold = true;
            asynchronous = stage != null;
        }
        if (asynchronous || !callbacks.isEmpty()) {
            callback(() -> {
                cancelStage();
                callbacks.forEach(this::runCallback);
            });
        }
    }

    /** Runs users' code on a callback thread, with what is bound to the body's. */
    private void callback(Runnable action) {
        UnaryOperator<Runnable> wrapper = callbackWrapper;
        executor.callback(wrapper == null ? action : () -> runWrapped(wrapper, action));
    }

    private void runWrapped(UnaryOperator<Runnable> wrapper, Runnable action) {
        AtomicBoolean begun = new AtomicBoolean();
        Runnable once = () -> {
            if (begun.compareAndSet(false, true)) {
                action.run();
            }
        };
        try {
            wrapper.apply(once).run();
        } catch (Throwable e) {
            logger.warn(
                    "What is bound to an operation of type {} could not be bound to its callback", options.type(), e);
        }
        // A body that waits for an answer would wait for ever.
        once.run();
    }

    private void runCallback(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            logger.warn("A cancellation callback of an operation of type {} failed", options.type(), e);
        }
    }

    /** Changes the state unless the operation has ended, and spreads the news. */
    private boolean change(UnaryOperator<Operation> transition) {
        while (true) {
            Operation now = record.current();
            if (now.status().isTerminal()) {
                return false;
            }
            if (record.compareAndSet(now, transition.apply(now))) {
                executor.changed(record);
                return true;
            }
        }
    }

    // ---- what the body sees ------------------------------------------------------------------------------------

    @Override
    public String operationId() {
        return executor.publish(this).requireId();
    }

    @Override
    public String operationType() {
        return options.type();
    }

    @Override
    public OperationOwner owner() {
        return options.owner();
    }

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String message) {
        String kept = message == null ? null : TextLimit.cut(message, maxMessageBytes());
        Progress report = new Progress(progress, total, kept);
        change(now -> now.withProgress(report, executor.now()));
    }

    @Override
    public boolean isCancelled() {
        return record.current().status().isTerminal();
    }

    @Override
    public void onCancel(Runnable callback) {
        synchronized (this) {
            if (!bodyTold) {
                if (cancelCallbacks == null) {
                    cancelCallbacks = new ArrayList<>();
                }
                cancelCallbacks.add(callback);
                return;
            }
        }
        callback(() -> runCallback(callback));
    }

    @Override
    public synchronized void wrapCallbacks(UnaryOperator<Runnable> wrapper) {
        UnaryOperator<Runnable> before = callbackWrapper;
        callbackWrapper = before == null ? wrapper : action -> before.apply(wrapper.apply(action));
    }

    @Override
    public CompletionStage<@Nullable Object> requestInput(String method, @Nullable Object params) {
        return ask(newKey(null, method), method, params);
    }

    @Override
    public CompletionStage<@Nullable Object> requestInput(String key, String method, @Nullable Object params) {
        if (key.isBlank()) {
            throw new IllegalArgumentException("the key of an input request must not be blank");
        }
        return ask(newKey(key, method), method, params);
    }

    private synchronized String newKey(@Nullable String wanted, String method) {
        if (inputKeys == null) {
            inputKeys = new HashSet<>();
        }
        int number = inputKeys.size() + 1;
        String key = wanted == null ? method + "#" + number : wanted;
        for (; !inputKeys.add(key); number++) {
            key = (wanted == null ? method + "#" : wanted + "-") + number;
        }
        return key;
    }

    private CompletionStage<@Nullable Object> ask(String key, String method, @Nullable Object params) {
        // The client needs an id to answer under.
        executor.publish(this);
        try {
            executor.park(this);
        } catch (OperationRejectedException e) {
            return CompletableFuture.failedStage(new InputUnavailableException(String.valueOf(e.getMessage())));
        }
        // It may have had an answer that it was to hear with a place.
        goOn();
        InputRequest request = new InputRequest(key, method, params, false, null);
        PendingInput pending;
        try {
            pending = PendingInput.of(executor, this, key, this::callback);
        } catch (Throwable e) {
            unpark(() -> {});
            throw e;
        }
        try {
            boolean asked = change(now -> {
                List<InputRequest> inputs = new ArrayList<>(now.inputs());
                inputs.add(request);
                return now.withInputs(inputs, executor.now());
            });
            if (!asked) {
                pending.check();
            }
        } catch (Throwable e) {
            pending.giveUp();
            throw e;
        }
        return pending.answer();
    }

    // ---- the place -----------------------------------------------------------------------------------------------

    /**
     * Tells the body that a question is over, as soon as there is a place for what it does then.
     *
     * @param news tells the body, and does not block
     */
    void unpark(Runnable news) {
        synchronized (this) {
            if (answers == null) {
                answers = new ArrayList<>(1);
            }
            answers.add(news);
        }
        if (executor.unpark(this)) {
            goOn();
        } else if (hasEnded()) {
            // Lost the race with an end that looked before it waited for a place.
            hurry();
        }
    }

    /** Has a place again, or needs none. */
    void goOn() {
        List<Runnable> all;
        synchronized (this) {
            all = answers;
            answers = null;
        }
        if (all != null) {
            all.forEach(Runnable::run);
        }
    }

    /** A body that is to return needs no place for that. */
    private void hurry() {
        executor.giveUpTurn(this);
        goOn();
    }

    private int maxMessageBytes() {
        return executor.config().limits().maxMessageBytes();
    }
}
