package io.asyncmcp.server.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.InputRequest;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.transport.InputAnswers;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
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
final class Questions {

    private static final Logger logger = LoggerFactory.getLogger(Questions.class);

    /** Questions that are asked at one time arrive one by one. */
    private static final Duration GATHERING = Duration.ofMillis(30);

    private final Run run;

    private final Runs.Services services;

    /** Answers that came with the request. Guarded by this. */
    private final Map<String, Object> early;

    /** What the client is asked. Guarded by this. */
    private final Map<String, Object> asked = new LinkedHashMap<>();

    /** The operation that asks. Guarded by this. */
    private @Nullable String operationId;

    /** Guarded by this. */
    private @Nullable Future<?> gathering;

    Questions(Run run, Runs.Services services, Map<String, Object> early) {
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
    void ask(JSONRPCRequest request) {
        InputAnswers.Question question = InputAnswers.question(request.id());
        if (question == null || isAnsweredEarly(question)) {
            return;
        }
        synchronized (this) {
            if (!run.over().toCompletableFuture().isDone()) {
                asked.put(question.key(), Outcomes.inputRequest(request.method(), request.params()));
                operationId = question.operationId();
                if (gathering != null) {
                    gathering.cancel(false);
                }
                gathering = services.later(this::gathered, GATHERING);
                return;
            }
        }
        giveBack(question.operationId(), question.key());
    }

    private boolean isAnsweredEarly(InputAnswers.Question question) {
        Object answer;
        synchronized (this) {
            answer = early.remove(question.key());
        }
        if (answer == null) {
            return false;
        }
        AsyncExecutor executor = run.engine().executor();
        try {
            InputRequest open = executor.find(question.operationId(), null).pendingInputs().stream()
                    .filter(input -> input.key().equals(question.key()))
                    .findFirst()
                    .orElse(null);
            return open == null
                    || InputAnswers.misfit(open, answer, run.engine().calls().maxAnswerBytes()) == null
                            && executor.answerInput(
                                    question.operationId(), null, question.key(), InputAnswers.response(answer));
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
        String id;
        Map<String, Object> all;
        synchronized (this) {
            id = operationId;
            all = new LinkedHashMap<>(asked);
        }
        if (id != null) {
            run.requireInput(id, all);
            // Nobody waits for the answer on a stream: whoever comes back may be asked again, on whichever face.
            all.keySet().forEach(key -> giveBack(id, key));
        }
    }

    private void giveBack(String id, String key) {
        try {
            run.engine().executor().releaseInput(id, null, key);
        } catch (OperationNotFoundException e) {
            logger.debug("An operation went away while its question was on its way");
        } catch (Throwable e) {
            logger.warn(
                    "A question could not be given back; only the client that has it can answer",
                    JsonFailures.loggable(e));
        }
    }
}
