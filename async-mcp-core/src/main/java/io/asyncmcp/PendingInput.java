package io.asyncmcp;

import io.asyncmcp.store.OperationRecord;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One input request the body waits for. It watches the record, because the answer may come in anywhere.
 *
 * <p>The thread that brings the news only hands it over: what the body does with an answer may block, and runs on a callback
 * thread.
 */
final class PendingInput {

    private static final Logger logger = LoggerFactory.getLogger(PendingInput.class);

    private final OperationExecutor executor;

    private final OperationRecord record;

    private final String key;

    /** What this process has heard of: an answer, or the operation's end as an error. */
    private final CompletableFuture<InputResponse> news = new CompletableFuture<>();

    /** What the body waits for. */
    private final CompletableFuture<@Nullable Object> answer = new CompletableFuture<>();

    private PendingInput(OperationExecutor executor, OperationRecord record, String key) {
        this.executor = executor;
        this.record = record;
        this.key = key;
    }

    /**
     * Begins to wait for an answer. The request itself is made afterwards, so that no answer is missed.
     *
     * @param callbacks runs what the body does with the answer
     */
    static PendingInput of(OperationExecutor executor, OperationTask task, String key, Executor callbacks) {
        OperationRecord record = task.record();
        PendingInput pending = new PendingInput(executor, record, key);
        AsyncExecutor.Watch watch = executor.watch(record, pending::check);
        Duration allowed = executor.config().inputTimeout();
        InputResponse nobody = InputResponse.failed("nobody answered within " + allowed.toSeconds() + " s");
        Timeouts.Timeout timeout = new Timeouts.Timeout() {
            @Override
            void due() {
                try {
                    if (!executor.answer(record, key, nobody)) {
                        // The faster thread may have had nobody to tell, because the store failed just then.
                        pending.check();
                    }
                } catch (Throwable e) {
                    // The body must not wait for ever because its store fails; the question stays open there until its
                    // end.
                    logger.warn("The end of the wait for an answer could not be recorded", e);
                    pending.news.complete(nobody);
                }
            }
        };
        executor.timeouts().set(timeout, allowed);
        pending.news.whenComplete((response, end) -> {
            watch.close();
            timeout.takeBack();
            if (response != null) {
                executor.heard(record, key);
            }
            task.unpark(() -> {
                if (!pending.answer.isDone()) {
                    callbacks.execute(() -> pending.pass(response, end));
                }
            });
        });
        // A body may give its question up.
        pending.answer.whenComplete((value, error) -> pending.news.cancel(false));
        return pending;
    }

    CompletionStage<@Nullable Object> answer() {
        return answer;
    }

    /** Nobody waits any more, because nobody could be asked. */
    void giveUp() {
        answer.cancel(false);
    }

    /** Looks whether the wait is over. */
    void check() {
        Operation now = executor.read(record);
        if (now.status().isTerminal()) {
            news.completeExceptionally(
                    new CancellationException("the operation ended before its question was answered"));
            return;
        }
        for (InputRequest input : now.inputs()) {
            InputResponse response = input.response();
            if (input.key().equals(key) && response != null) {
                news.complete(response);
            }
        }
    }

    private void pass(@Nullable InputResponse response, @Nullable Throwable end) {
        if (response == null) {
            answer.completeExceptionally(end == null ? new CancellationException("the question was given up") : end);
        } else if (response.error() == null) {
            answer.complete(response.value());
        } else {
            answer.completeExceptionally(new InputUnavailableException(response.error()));
        }
    }
}
