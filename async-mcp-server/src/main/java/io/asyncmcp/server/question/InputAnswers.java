package io.asyncmcp.server.question;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.InputRequest;
import io.asyncmcp.InputResponse;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationIds;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.answer.OneLine;
import io.asyncmcp.server.json.JsonFailures;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the client's answers to questions of running operations. A question goes out under an id that names operation and input,
 * not one of the SDK's: the SDK forgets its own after the request timeout and answers what comes later with an error, while a
 * person may take minutes. Thread-safe.
 *
 * @since 0.1.0
 */
public final class InputAnswers {

    private static final Logger logger = LoggerFactory.getLogger(InputAnswers.class);

    private final AsyncExecutor executor;

    private static final long DEFAULT_BYTES = 1024 * 1024;

    /** Enough for people; it is kept until the tool has heard it. */
    private static final int MAX_REASON = 2_000;

    private final OperationOwnerResolver owners;

    private final long maxBytes;

    /** Creates it, for answers of up to 1 MiB. */
    public InputAnswers(AsyncExecutor executor, OperationOwnerResolver owners) {
        this(executor, owners, DEFAULT_BYTES);
    }

    /** Creates it, for answers of up to {@code maxBytes}. */
    public InputAnswers(AsyncExecutor executor, OperationOwnerResolver owners, long maxBytes) {
        this.executor = executor;
        this.owners = owners;
        this.maxBytes = maxBytes;
    }

    /**
     * What became of a response; the question stays open after a {@code refusal} and where it {@code failed}.
     *
     * @param ours whether it is an answer to a question of an operation
     * @param busy whether it may be taken later
     * @param failed whether it could not be taken for a reason of ours
     */
    public record Outcome(boolean ours, @Nullable String refusal, boolean busy, boolean failed) {

        static final Outcome NOT_OURS = new Outcome(false, null, false, false);

        static final Outcome TAKEN = new Outcome(true, null, false, false);

        static final Outcome FAILED = new Outcome(true, null, false, true);

        static Outcome misfit(String reason) {
            return new Outcome(true, reason, false, false);
        }

        static Outcome busy(String reason) {
            return new Outcome(true, reason, true, false);
        }
    }

    /** Takes a response if it answers a question of ours. Never ends exceptionally. */
    public CompletionStage<Outcome> take(
            JSONRPCResponse response, McpTransportContext context, @Nullable String sessionId) {
        if (!Question.isRequestId(response.id())) {
            return CompletableFuture.completedFuture(Outcome.NOT_OURS);
        }
        Question.Address asked = Question.addressIn(response.id());
        if (asked == null) {
            return CompletableFuture.completedFuture(Outcome.TAKEN);
        }
        try {
            OperationOwner owner = owners.resolve(context, sessionId);
            return executor.findAsync(asked.operationId(), owner)
                    .thenApply(operation -> take(response, asked, operation, owner))
                    .exceptionally(error -> notTaken(asked, error));
        } catch (Throwable e) {
            return CompletableFuture.completedFuture(notTaken(asked, e));
        }
    }

    private Outcome take(JSONRPCResponse response, Question.Address asked, Operation operation, OperationOwner owner) {
        String operationId = asked.operationId();
        String misfit = response.error() == null
                ? AnswerRules.misfit(questionOf(operation, asked.key()), response.result(), maxBytes)
                : null;
        if (misfit != null) {
            // What does not fit quotes the answer: it is for the client that answered alone.
            logger.debug("An answer to operation {} was refused: it does not fit", OperationIds.hash(operationId));
            return Outcome.misfit(misfit);
        }
        InputResponse answer = response.error() == null
                ? Question.response(response.result())
                : InputResponse.failed("the client refused: "
                        + OneLine.of(String.valueOf(response.error().message()), MAX_REASON));
        boolean taken = executor.answerInput(operationId, owner, asked.key(), answer);
        logger.debug(
                "An answer to operation {} was {}",
                OperationIds.hash(operationId),
                taken ? "taken" : "dropped: the question is no longer open");
        return Outcome.TAKEN;
    }

    private static Outcome notTaken(Question.Address asked, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        String hash = OperationIds.hash(asked.operationId());
        if (cause instanceof OperationNotFoundException) {
            // Unknown, expired and foreign look alike to the client: its answer is accepted and goes nowhere.
            logger.debug("An answer to operation {} was dropped: not found", hash);
            return Outcome.TAKEN;
        }
        if (cause instanceof OperationRejectedException && cause.getMessage() != null) {
            logger.debug("An answer to operation {} was refused: {}", hash, cause.getMessage());
            return Outcome.busy(cause.getMessage());
        }
        if (cause instanceof SecurityException) {
            logger.warn(
                    "An answer to operation {} was refused: {}",
                    hash,
                    OneLine.of(String.valueOf(cause.getMessage()), 500));
            return Outcome.misfit("This request needs an authenticated caller.");
        }
        logger.error(
                "An answer to operation {} could not be taken, and the question stays open",
                hash,
                JsonFailures.loggable(cause));
        return Outcome.FAILED;
    }

    private static @Nullable InputRequest questionOf(Operation operation, String key) {
        return operation.pendingInputs().stream()
                .filter(input -> input.key().equals(key))
                .findFirst()
                .orElse(null);
    }
}
