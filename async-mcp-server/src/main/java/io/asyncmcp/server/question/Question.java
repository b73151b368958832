package io.asyncmcp.server.question;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.InputRequest;
import io.asyncmcp.InputResponse;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationNotFoundException;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.json.JsonFailures;
import io.asyncmcp.server.json.JsonSize;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A question of an operation that has no answer yet. Only the request that claims it asks it, until it is given back.
 *
 * @since 0.1.0
 */
public record Question(String operationId, InputRequest input) {

    private static final Logger logger = LoggerFactory.getLogger(Question.class);

    /** What an answer takes up beside its content, about. */
    private static final long ANSWER = 2 * 1024;

    private static final String PREFIX = "async-mcp:";

    /** An operation's id is shorter; a text with a longer one is not looked at. */
    private static final int MAX_SEPARATOR = PREFIX.length() + 64;

    /** Which question it is. */
    public record Address(String operationId, String key) {

        /** Lets somebody else ask: the question may have reached nobody. Never throws. */
        public void giveBack(AsyncExecutor executor) {
            try {
                executor.releaseInput(operationId, null, key);
            } catch (OperationNotFoundException e) {
                logger.debug("An operation went away before its question could be asked again");
            } catch (Throwable e) {
                logger.warn(
                        "A question that may have reached nobody could not be given back; it waits for its time-out",
                        JsonFailures.loggable(e));
            }
        }
    }

    /** Returns the questions of an operation that have no answer, in the order in which they came up. */
    public static List<Question> of(Operation operation) {
        if (operation.pendingInputs().isEmpty()) {
            // It may have no id.
            return List.of();
        }
        String id = operation.requireId();
        return operation.pendingInputs().stream()
                .map(input -> new Question(id, input))
                .toList();
    }

    /** Returns which question it is, without what it asks. */
    public Address address() {
        return new Address(operationId, key());
    }

    /** Returns the question's key. */
    public String key() {
        return input.key();
    }

    /** Returns the JSON-RPC id under which the question goes out, where a client answers by a response. */
    public String requestId() {
        return requestId(operationId, key());
    }

    /** Returns the JSON-RPC id of a question. */
    public static String requestId(String operationId, String key) {
        return PREFIX + operationId + ":" + key;
    }

    static boolean isRequestId(@Nullable Object id) {
        return id instanceof String text && text.startsWith(PREFIX);
    }

    /** Reads the JSON-RPC id of a response, or returns {@code null} if it was not made here. */
    static @Nullable Address addressIn(Object id) {
        if (!isRequestId(id)) {
            return null;
        }
        String text = (String) id;
        int separator = text.indexOf(':', PREFIX.length());
        return separator < 0 || separator > MAX_SEPARATOR
                ? null
                : new Address(text.substring(PREFIX.length(), separator), text.substring(separator + 1));
    }

    /** Begins to ask; returns {@code false} if somebody else asks already, or the question is no longer open. */
    public boolean claim(AsyncExecutor executor) {
        try {
            return executor.claimInput(operationId, null, key());
        } catch (OperationNotFoundException e) {
            logger.debug("An operation went away before its question was asked");
            return false;
        }
    }

    /** Returns why an answer, as JSON, does not fit, or {@code null} if it does. */
    public @Nullable String misfit(@Nullable Object answer, long maxBytes) {
        return AnswerRules.misfit(input, answer, maxBytes);
    }

    /** Answers with JSON that fits; {@code owner} is {@code null} if checked before. Returns {@code false} if no longer open. */
    public boolean answer(AsyncExecutor executor, @Nullable OperationOwner owner, @Nullable Object answer) {
        return executor.answerInput(operationId, owner, key(), response(answer));
    }

    /** Weighs the answer as it came, and the copy that the tool gets. */
    static InputResponse response(@Nullable Object answer) {
        return InputResponse.of(answer)
                .withWeight(ANSWER + 2 * JsonSize.of(answer, Long.MAX_VALUE - 1).memory());
    }
}
