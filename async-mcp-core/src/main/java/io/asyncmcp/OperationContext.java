package io.asyncmcp;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A running operation as its body sees it.
 *
 * <p>Safe for use by several threads. After the operation has ended, however it ended, progress is dropped.
 *
 * @since 0.1.0
 */
public interface OperationContext {

    /**
     * Returns the id by which clients come back for the operation.
     *
     * <p>Asking for it makes the operation known under its id even if the call is answered in time.
     *
     * @return 26 characters of lower-case base 32
     */
    String operationId();

    /**
     * Returns the kind of work this is, for tools the tool's name.
     *
     * @return the type given when the operation was started
     */
    String operationType();

    /**
     * Returns on whose behalf the operation runs.
     *
     * @return the owner
     */
    OperationOwner owner();

    /**
     * Reports progress. Only the latest report is kept; reporting often is cheap and never waits for a client.
     *
     * @param progress the amount done so far; should grow from report to report
     * @param total the amount at the end, or {@code null} if it is not known
     * @param message what is going on, for people, or {@code null}
     * @throws IllegalArgumentException if a number is not finite
     */
    void progress(double progress, @Nullable Double total, @Nullable String message);

    /**
     * Tells whether the operation has been cancelled or has outlived its maximum lifetime.
     *
     * @return {@code true} once the result is no longer wanted
     */
    boolean isCancelled();

    /**
     * Leaves the body if the result is no longer wanted.
     *
     * @throws CancellationException if {@link #isCancelled()}
     */
    default void throwIfCancelled() {
        if (isCancelled()) {
            throw new CancellationException("operation was cancelled");
        }
    }

    /**
     * Registers what to do on cancellation, such as closing a connection the body is blocked on.
     *
     * <p>Callbacks run once, in the order of registration, on a callback thread and not on the body's; what they throw
     * is logged. If the body returned a stage, that is cancelled before them, on the same thread. If the operation is already
     * cancelled the callback is run at once.
     *
     * @param callback what to do
     */
    void onCancel(Runnable callback);

    /**
     * Has everything wrapped that runs for the body on another thread: callbacks of {@link #onCancel}, continuations of
     * {@link #requestInput(String, Object)}, and the cancellation of the stage it returned.
     *
     * <p>For an {@link OperationInterceptor} that binds something to the body's thread, such as a user's identity. It binds it
     * there, runs what it was given, and takes it back: the thread serves others too. A callback that comes later is wrapped by those
     * before.
     *
     * @param wrapper wraps what runs; called once for each run, on the thread that runs it
     */
    void wrapCallbacks(UnaryOperator<Runnable> wrapper);

    /**
     * Asks somebody outside and turns the operation to {@link OperationStatus#INPUT_REQUIRED} until the answer is there.
     *
     * <p>Continuations of the stage run on a callback thread and not on the thread that answers. They may block, but one
     * that blocks until another question is answered needs a second callback thread meanwhile: compose instead.
     *
     * @param method the MCP method that asks, such as {@code elicitation/create}
     * @param params the method's parameters, or {@code null}
     * @return a stage that ends with the answer, or exceptionally with an {@link InputUnavailableException} if the
     *     request is refused or nobody answers in time, or with a {@link CancellationException} if the operation ends
     */
    CompletionStage<@Nullable Object> requestInput(String method, @Nullable Object params);

    /**
     * As {@link #requestInput(String, Object)}, under a name of the body's own choice.
     *
     * <p>Where clients send answers along with a call, before the question is asked, it is the key they name it by.
     *
     * @param key names the request. A key that this operation has used before gets a number behind it, because no key is
     *     ever used twice
     * @param method the MCP method that asks
     * @param params the method's parameters, or {@code null}
     * @return as the other method
     * @throws IllegalArgumentException if the key is blank
     */
    CompletionStage<@Nullable Object> requestInput(String key, String method, @Nullable Object params);
}
