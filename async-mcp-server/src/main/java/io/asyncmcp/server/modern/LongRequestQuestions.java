package io.asyncmcp.server.modern;

import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.question.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The questions that come up in one run. They end its request, those of one moment together; those that were answered before
 * they were asked do not even do that.
 *
 * <p>Thread-safe.
 */
final class LongRequestQuestions {

    private static final Logger logger = LoggerFactory.getLogger(LongRequestQuestions.class);

    /** Questions that are asked at one time arrive one by one. */
    private static final Duration GATHERING = Duration.ofMillis(30);

    private final LongRequest run;

    private final LongRequests.Services services;

    /** Answers that came with the request. Guarded by this. */
    private final Map<String, Object> early;

    /** What the client is asked. Guarded by this. */
    private final List<Question> asked = new ArrayList<>();

    /** Guarded by this. */
    private @Nullable Future<?> gathering;

    LongRequestQuestions(LongRequest run, LongRequests.Services services, Map<String, Object> early) {
        this.run = run;
        this.services = services;
        this.early = early;
        run.over().thenRun(this::forgetEarly);
    }

    /** What comes with a call is for the questions until its answer: the operation goes on without it. */
    private synchronized void forgetEarly() {
        early.clear();
    }

    /** Takes a question that is claimed for this run. One that comes too late is given back. */
    void ask(Question question) {
        if (isAnsweredEarly(question)) {
            return;
        }
        synchronized (this) {
            if (!run.over().toCompletableFuture().isDone()) {
                asked.add(question);
                if (gathering != null) {
                    gathering.cancel(false);
                }
                gathering = services.later(this::gathered, GATHERING);
                return;
            }
        }
        question.address().giveBack(run.engine().executor());
    }

    private boolean isAnsweredEarly(Question question) {
        Object answer;
        synchronized (this) {
            answer = early.remove(question.key());
        }
        if (answer == null || question.misfit(answer, run.engine().calls().maxAnswerBytes()) != null) {
            return false;
        }
        try {
            question.answer(run.engine().executor(), null, answer);
            return true;
        } catch (OperationNotFoundException e) {
            return true;
        } catch (OperationRejectedException e) {
            logger.debug("There is no room for an answer that came with its call; the client is asked");
            return false;
        } catch (Throwable e) {
            logger.warn(
                    "An answer that came with its call could not be taken; the client is asked",
                    JsonFailures.loggable(e));
            return false;
        }
    }

    /** On the timer's thread, which is not to write, nor to wait for a store. */
    private void gathered() {
        try {
            run.delivery().execute(() -> run.guarded(null, this::endRequest));
        } catch (RejectedExecutionException e) {
            logger.debug("Nobody is asked anything more: the server is shutting down");
        }
    }

    private void endRequest() {
        List<Question> all;
        synchronized (this) {
            all = List.copyOf(asked);
        }
        if (!all.isEmpty()) {
            run.requireInput(all);
            // Nobody waits for the answer on a stream: a client that comes back may be asked again, on any face.
            all.forEach(question -> question.address().giveBack(run.engine().executor()));
        }
    }
}
