package io.asyncmcp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs work that may take longer than its caller is willing to wait.
 *
 * <p>{@link #execute} starts an operation and waits a while. If the work ends in that time the caller has its result and
 * nothing is kept; if not, the same run goes on in the background and the caller gets a snapshot with an id to come back
 * with. Any number of callers may wait for the same operation.
 *
 * <p>Every verb that waits has a twin returning a {@link CompletionStage}; no thread is held by a waiting twin. Stages
 * end on a time-out thread, or on the thread that ended the operation: do not block in their continuations.
 *
 * <p>Verbs that take an owner act only on what that owner may reach, and answer unknown, expired and foreign ids alike.
 * A {@code null} owner means the application itself, which reaches everything.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public interface AsyncExecutor extends AutoCloseable {

    /**
     * Starts an operation and waits for it, at most for the options' timeout.
     *
     * @param body the work
     * @param options how to run it
     * @return the operation at its end, or still running and with an id
     * @throws OperationRejectedException if a limit is reached or the executor is shut down
     * @throws InterruptedException if the calling thread is interrupted; the operation goes on
     */
    Operation execute(OperationBody body, ExecuteOptions options) throws InterruptedException;

    /**
     * Starts an operation; the twin of {@link #execute}.
     *
     * @param body the work
     * @param options how to run it
     * @return a stage that ends with the operation at its end or, after the timeout, still running and with an id
     * @throws OperationRejectedException if a limit is reached or the executor is shut down
     */
    CompletionStage<Operation> executeAsync(OperationBody body, ExecuteOptions options);

    /**
     * Starts an operation and follows it while it is waited for.
     *
     * @param body the work
     * @param options how to run it
     * @param onChange as in {@link #watch}; called once at the start and no more after the stage has ended
     * @return a stage that ends with the operation at its end or, after the timeout, still running and with an id
     * @throws OperationRejectedException if a limit is reached or the executor is shut down
     */
    CompletionStage<Operation> executeAsync(OperationBody body, ExecuteOptions options, Consumer<Operation> onChange);

    /**
     * Starts an operation that has an id from the beginning, and does not wait for it.
     *
     * @param body the work
     * @param options how to run it; the timeout does not count
     * @return the operation as it stands, with an id that is found from now on; it may have ended already
     * @throws OperationRejectedException if a limit is reached or the executor is shut down
     */
    Operation submit(OperationBody body, ExecuteOptions options);

    /**
     * Waits for an operation to end.
     *
     * @param id the operation's id
     * @param owner on whose behalf to look, or {@code null} for the application
     * @param wait how long to wait at most; longer than the configured maximum is cut to it, zero or less does not wait
     * @return the operation at its end or as it stands after the wait; at once if it has ended
     * @throws OperationNotFoundException if there is no such operation for that owner
     * @throws InterruptedException if the calling thread is interrupted; the operation goes on
     */
    Operation continueOperation(String id, @Nullable OperationOwner owner, Duration wait) throws InterruptedException;

    /**
     * Waits for an operation to end; the twin of {@link #continueOperation}.
     *
     * @param id the operation's id
     * @param owner on whose behalf to look, or {@code null} for the application
     * @param wait how long to wait at most
     * @return a stage that ends with the operation, or with {@link OperationNotFoundException}
     */
    CompletionStage<Operation> continueOperationAsync(String id, @Nullable OperationOwner owner, Duration wait);

    /**
     * Waits for an operation to end and follows it while it is waited for.
     *
     * @param id the operation's id
     * @param owner on whose behalf to look, or {@code null} for the application
     * @param wait how long to wait at most
     * @param onChange as in {@link #watch}; called once at the start and no more after the stage has ended
     * @return a stage that ends with the operation, or with {@link OperationNotFoundException}
     */
    CompletionStage<Operation> continueOperationAsync(
            String id, @Nullable OperationOwner owner, Duration wait, Consumer<Operation> onChange);

    /**
     * Looks an operation up without waiting.
     *
     * @param id the operation's id
     * @param owner on whose behalf to look, or {@code null} for the application
     * @return the operation as it stands
     * @throws OperationNotFoundException if there is no such operation for that owner
     */
    Operation find(String id, @Nullable OperationOwner owner);

    /**
     * Looks an operation up; the twin of {@link #find}.
     *
     * @param id the operation's id
     * @param owner on whose behalf to look, or {@code null} for the application
     * @return a stage that ends with the operation, or with {@link OperationNotFoundException}
     */
    CompletionStage<Operation> findAsync(String id, @Nullable OperationOwner owner);

    /**
     * Cancels an operation: its thread is interrupted, its callbacks run, and a result that comes late is dropped.
     *
     * <p>Does not wait for the body's code: the stage it returned is cancelled, and its callbacks run, on a callback
     * thread. So the operation's place may come free a moment after this returns.
     *
     * @param id the operation's id
     * @param owner on whose behalf to act, or {@code null} for the application
     * @return {@code true} if this call cancelled it, {@code false} if it had ended before
     * @throws OperationNotFoundException if there is no such operation for that owner
     */
    boolean cancel(String id, @Nullable OperationOwner owner);

    /**
     * Cancels an operation; the twin of {@link #cancel}.
     *
     * @param id the operation's id
     * @param owner on whose behalf to act, or {@code null} for the application
     * @return a stage that ends with whether this call cancelled it, or with {@link OperationNotFoundException}
     */
    CompletionStage<Boolean> cancelAsync(String id, @Nullable OperationOwner owner);

    /**
     * Lists the operations that have an id, newest first.
     *
     * @param query which ones
     * @return snapshots taken one after the other
     */
    List<Operation> operations(OperationQuery query);

    /**
     * Lists operations; the twin of {@link #operations}.
     *
     * @param query which ones
     * @return a stage that ends with the snapshots
     */
    CompletionStage<List<Operation>> operationsAsync(OperationQuery query);

    /**
     * Clears away what has outlived its retention. It happens by itself every clean-up interval.
     *
     * @return how many operations went
     */
    int cleanup();

    /**
     * Clears away; the twin of {@link #cleanup}.
     *
     * @return a stage that ends with how many operations went
     */
    CompletionStage<Integer> cleanupAsync();

    /**
     * Takes a pending input request in order to deliver it, so that nobody else asks the same question.
     *
     * @param id the operation's id
     * @param owner on whose behalf to act, or {@code null} for the application
     * @param key the request's key
     * @return {@code true} for exactly one caller per request
     * @throws OperationNotFoundException if there is no such operation for that owner
     */
    boolean claimInput(String id, @Nullable OperationOwner owner, String key);

    /**
     * Gives a claimed input request back, because the one it was delivered to has gone: somebody else may ask. An answer
     * that still comes is taken.
     *
     * @param id the operation's id
     * @param owner on whose behalf to act, or {@code null} for the application
     * @param key the request's key
     * @return {@code true} if the request was claimed and nobody has answered it
     * @throws OperationNotFoundException if there is no such operation for that owner
     */
    boolean releaseInput(String id, @Nullable OperationOwner owner, String key);

    /**
     * Answers an input request, whenever the answer comes.
     *
     * @param id the operation's id
     * @param owner on whose behalf to act, or {@code null} for the application
     * @param key the request's key
     * @param response the answer
     * @return {@code true} if the answer was taken, {@code false} if the request is unknown, was answered before, or the
     *     operation has ended
     * @throws OperationNotFoundException if there is no such operation for that owner
     * @throws OperationRejectedException if the answer is too {@linkplain InputResponse#weight() heavy} for what the
     *     operations under way may hold on to; the request stays open, and can be answered again
     */
    boolean answerInput(String id, @Nullable OperationOwner owner, String key, InputResponse response);

    /**
     * Follows an operation until it ends or the watch is closed.
     *
     * @param id the operation's id
     * @param owner on whose behalf to look, or {@code null} for the application
     * @param onChange called after changes of status, progress and inputs, on the thread that made them; must not block.
     *     It gets the state at the time of the call, so changes in quick succession may show as one
     * @return the watch; close it to stop following
     * @throws OperationNotFoundException if there is no such operation for that owner
     */
    Watch watch(String id, @Nullable OperationOwner owner, Consumer<Operation> onChange);

    /**
     * Follows an operation; the twin of {@link #watch}.
     *
     * @param id the operation's id
     * @param owner on whose behalf to look, or {@code null} for the application
     * @param onChange called after changes, as in {@link #watch}
     * @return a stage that ends with the watch, or with {@link OperationNotFoundException}
     */
    CompletionStage<Watch> watchAsync(String id, @Nullable OperationOwner owner, Consumer<Operation> onChange);

    /**
     * Returns how many operations of this process have not ended. Unlike {@link #statistics} it does not ask the store.
     *
     * @return the number at about one moment
     */
    int open();

    /**
     * Says where operations are kept, for those who operate the server.
     *
     * @return what completes the sentence "Operations are kept in ..."
     */
    String storeDescription();

    /**
     * Returns how many operations are in which state, whether they have an id or not.
     *
     * @return the counts at about one moment
     */
    ExecutorStatistics statistics();

    /**
     * Tells how much memory the results of ended operations take up.
     *
     * @return the memory at about one moment
     */
    ResultMemory resultMemory();

    /**
     * Stops admitting, lets what runs finish for a while, then cancels the rest.
     *
     * @param grace how long running operations may go on; zero cancels at once
     * @return a stage that ends with the number of operations that were cancelled
     */
    CompletionStage<Integer> shutdown(Duration grace);

    /**
     * Admits operations again after a {@link #shutdown}. A shutdown that is still waiting ends: what runs goes on. Does nothing
     * if there was none.
     *
     * @throws IllegalStateException if the executor is closed
     */
    void restart();

    /**
     * Stops admitting for good, cancels what runs and gives the threads back. Does not wait for bodies that ignore it.
     */
    @Override
    void close();

    /** A subscription to an operation's changes. */
    interface Watch extends AutoCloseable {

        /** Stops the calls; one that is under way ends on its own. */
        @Override
        void close();
    }

    /**
     * Starts building an executor that keeps its operations in this process.
     *
     * @return the builder
     */
    static AsyncExecutorBuilder builder() {
        return new AsyncExecutorBuilder();
    }
}
