package io.asyncmcp.server.exchange;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationRejectedException;
import io.modelcontextprotocol.spec.McpError;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The terms on which a face makes a call: how long it waits, how long its operation is kept, and what the face learns of it.
 *
 * <p>The defaults are those of a client that speaks a protocol with sessions and waits for its result. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Terms {

    /** The terms of a client that waits for its result, and gets a handle in its place if that takes too long. */
    Terms USUAL = new Terms() {};

    /**
     * Says on whose behalf the call acts.
     *
     * @return the owner, or {@code null} for the one that the transport context tells
     */
    default @Nullable OperationOwner owner() {
        return null;
    }

    /**
     * Says how long the call waits for its result.
     *
     * @param ofTheTool how long it would wait otherwise
     * @return how long it waits
     */
    default Duration waitFor(Duration ofTheTool) {
        return ofTheTool;
    }

    /**
     * Says how long the operation is to be kept.
     *
     * @param byDefault how long it would be kept otherwise, counted from its creation
     * @return how long it is kept at least, or {@code null} if only the retention period counts
     */
    default @Nullable Duration ttl(Duration byDefault) {
        return null;
    }

    /**
     * Tells whether the client gives the request up by closing its connection. The operation that the call has started for this
     * client alone is then cancelled.
     *
     * @return {@code false} if a client that has gone may make the same call again
     */
    default boolean endsWithConnection() {
        return false;
    }

    /**
     * Called when the operation that the call has made begins to run; not for a call that has joined another one's.
     *
     * @param shared whether other calls may join it
     */
    default void started(boolean shared) {}

    /**
     * Called when the wait is over, before the call returns.
     *
     * @param operation how the operation stands; it has an id if it has not ended
     */
    default void answered(Operation operation) {}

    /**
     * Called instead if the call was not admitted.
     *
     * @param rejection why
     */
    default void rejected(OperationRejectedException rejection) {}

    /**
     * Ends when the client has its answer and nothing more is to be sent to it, even if the call has not returned.
     *
     * @return ends with the id of the operation if the client was told to come back for it, and never exceptionally; {@code
     *     null} if that is when the call returns
     */
    default @Nullable CompletionStage<@Nullable String> over() {
        return null;
    }

    /**
     * Called when a tool asks for something that the client has not said it can do.
     *
     * @param required what the client would have had to declare
     * @return what the tool gets in the place of an answer, or {@code null} to leave that to the SDK
     */
    default @Nullable McpError missing(Map<String, Object> required) {
        return null;
    }
}
