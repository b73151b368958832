package io.asyncmcp;

import io.asyncmcp.OperationFailure.Reason;
import io.asyncmcp.store.OperationRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operation that this process runs: from admission until its body has returned.
 *
 * <p>All ends meet in {@link #end}: the body's return, cancellation, the lifetime and shutdown each try one
 * compare-and-set there, and only the winner does what follows an end.
 */
final class OperationTask implements OperationContext {

    private static final Logger logger = LoggerFactory.getLogger(OperationTask.class);

    private static final String INTERNAL_ERROR = "an internal error";

    private final OperationExecutor executor;

    private final OperationRecord record;

    private final ExecuteOptions options;

    private final OperationBody body;

    /** Set once the body has returned and its place was given back. */
    private final AtomicBoolean released = new AtomicBoolean();

    /** Guarded by this. {@code null} once the callbacks have been handed out. */
    private @Nullable List<Runnable> cancelCallbacks = new ArrayList<>();

    /** Guarded by this. */
    private @Nullable Future<?> lifetime;

    /** What an asynchronous body returned, to be cancelled with the operation. Guarded by this. */
    private @Nullable CompletionStage<?> stage;

    /** Set before the release that reads it, by the thread that took the operation out of the queue. */
    private volatile boolean withdrawn;

    /** Number of the next input request. Guarded by this. */
    private int nextInput = 1;

    OperationTask(OperationExecutor executor, OperationRecord record, ExecuteOptions options, OperationBody body) {
        this.executor = executor;
        this.record = record;
        this.options = options;
        this.body = body;
    }

    OperationRecord record() {
        return record;
    }

    ExecuteOptions options() {
        return options;
    }

    boolean neverHadItsTurn() {
        return withdrawn;
    }

    // ---- running -----------------------------------------------------------------------------------------------

    /** Runs the body on the present thread. Never throws: an error that escaped here would lose the operation. */
    void run() {
        if (!change(Operation::working)) {
            release();
            return;
        }
        startLifetime();
        Object result;
        try {
            result = body.run(this);
        } catch (Throwable e) {
            fail(e);
            return;
        }
        if (result instanceof CompletionStage<?> asynchronous) {
            followStage(asynchronous);
        } else {
            complete(result);
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
            cancelStage();
        }
    }

    private void complete(@Nullable Object result) {
        boolean failed;
        try {
            failed = options.reportsFailure().test(result);
        } catch (RuntimeException | Error e) {
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
        String description = describe(error);
        if (description.equals(INTERNAL_ERROR) && !isCancelled()) {
            logger.error("An operation of type {} failed, and its caller is not told why", options.type(), error);
        }
        OperationFailure failure = new OperationFailure(Reason.EXCEPTION, description, error);
        finish(now -> now.failed(failure, null, executor.now()));
    }

    /** What Java writes itself names classes and says nothing to a caller; what a tool's author wrote is passed on. */
    private static String describe(Throwable error) {
        String message = error.getMessage();
        boolean writtenForPeople = !(error instanceof Error
                || error instanceof NullPointerException
                || error instanceof ClassCastException
                || error instanceof ArrayStoreException);
        return writtenForPeople && message != null && !message.isBlank() ? message : INTERNAL_ERROR;
    }

    private void finish(UnaryOperator<Operation> transition) {
        // The place comes free before anybody hears of the end, so that whoever waited can start the next one.
        Operation end = tryEnd(transition);
        release();
        if (end != null) {
            afterEnd(end);
        }
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            executor.released(this);
        }
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

    private void exceedLifetime(Duration allowed) {
        OperationFailure failure = new OperationFailure(
                Reason.LIFETIME_EXCEEDED, "exceeded maximum lifetime of " + allowed.toSeconds() + " s", null);
        stop(now -> now.failed(failure, null, executor.now()));
    }

    /** The body could not be given a thread. */
    void notStarted(RuntimeException cause) {
        OperationFailure failure =
                new OperationFailure(Reason.NOT_STARTED, "the operation could not be started", cause);
        finish(now -> now.failed(failure, null, executor.now()));
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
            cancelStage();
        }
        runCancelCallbacks();
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
            if (record.compareAndSet(now, next)) {
                return next;
            }
        }
    }

    private void afterEnd(Operation end) {
        Future<?> timer;
        synchronized (this) {
            timer = lifetime;
            lifetime = null;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        executor.ended(this, end);
    }

    private void cancelStage() {
        CompletionStage<?> asynchronous;
        synchronized (this) {
            asynchronous = stage;
        }
        if (asynchronous != null) {
            asynchronous.toCompletableFuture().cancel(true);
        }
    }

    private void startLifetime() {
        Duration allowed = executor.lifetimeOf(options);
        Future<?> timer = executor.schedule(() -> exceedLifetime(allowed), allowed);
        synchronized (this) {
            lifetime = timer;
        }
        if (isCancelled()) {
            timer.cancel(false);
        }
    }

    private void runCancelCallbacks() {
        List<Runnable> callbacks;
        synchronized (this) {
            callbacks = cancelCallbacks;
            cancelCallbacks = null;
        }
        if (callbacks != null && !callbacks.isEmpty()) {
            executor.callback(() -> callbacks.forEach(this::runCallback));
        }
    }

    private void runCallback(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
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
        Progress report = new Progress(progress, total, message);
        change(now -> now.withProgress(report));
    }

    @Override
    public boolean isCancelled() {
        return record.current().status().isTerminal();
    }

    @Override
    public void onCancel(Runnable callback) {
        synchronized (this) {
            if (cancelCallbacks != null) {
                cancelCallbacks.add(callback);
                return;
            }
        }
        executor.callback(() -> runCallback(callback));
    }

    @Override
    public CompletionStage<@Nullable Object> requestInput(String method, @Nullable Object params) {
        String key;
        synchronized (this) {
            key = method + "#" + nextInput++;
        }
        // Whoever answers needs an id to answer under.
        executor.publish(this);
        InputRequest request = new InputRequest(key, method, params, false, null);
        PendingInput pending = new PendingInput(key);
        pending.start(executor);
        boolean asked = change(now -> {
            List<InputRequest> inputs = new ArrayList<>(now.inputs());
            inputs.add(request);
            return now.withInputs(inputs);
        });
        if (!asked) {
            pending.check();
        }
        return pending.future;
    }

    /** One input request the body waits for. It watches the record, because the answer may come in anywhere. */
    private final class PendingInput {

        private final String key;

        private final CompletableFuture<@Nullable Object> future = new CompletableFuture<>();

        PendingInput(String key) {
            this.key = key;
        }

        void start(OperationExecutor owner) {
            AsyncExecutor.Watch watch = owner.watch(record, this::check);
            Duration allowed = owner.config().inputTimeout();
            Future<?> timer = owner.schedule(
                    () -> owner.answer(
                            record, key, InputResponse.failed("nobody answered within " + allowed.toSeconds() + " s")),
                    allowed);
            future.whenComplete((value, error) -> {
                watch.close();
                timer.cancel(false);
            });
        }

        void check() {
            Operation now = record.current();
            if (now.status().isTerminal()) {
                future.completeExceptionally(
                        new CancellationException("the operation ended before its question was answered"));
                return;
            }
            for (InputRequest input : now.inputs()) {
                InputResponse response = input.response();
                if (input.key().equals(key) && response != null) {
                    if (response.error() == null) {
                        future.complete(response.value());
                    } else {
                        future.completeExceptionally(new InputUnavailableException(response.error()));
                    }
                }
            }
        }
    }
}
