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
 * The terms on which a face makes a call; the defaults suit a client with a session that waits for its result. Thread-safe.
 *
 * @since 0.1.0
 */
public interface Terms {

    /** A client that waits for its result, and gets a handle instead if that takes too long. */
    Terms USUAL = new Terms() {};

    /** Returns on whose behalf the call acts, or {@code null} for the owner that the transport context tells. */
    default @Nullable OperationOwner owner() {
        return null;
    }

    /** Returns how long the call waits for its result; {@code ofTheTool} is how long it would wait otherwise. */
    default Duration waitFor(Duration ofTheTool) {
        return ofTheTool;
    }

    /** Returns how long to keep the operation at least from its creation, or {@code null} if only the retention period counts. */
    default @Nullable Duration ttl(Duration byDefault) {
        return null;
    }

    /**
     * Tells whether closing the connection gives the request up, and cancels the operation that the call started for this client
     * alone. If {@code false}, a client that has gone may make the same call again.
     */
    default boolean endsWithConnection() {
        return false;
    }

    /** Called when the operation of the call begins, not if the call joined another one; {@code shared} if others may join. */
    default void started(boolean shared) {}

    /** Called when the wait is over, before the call returns; the operation has an id if it has not ended. */
    default void answered(Operation operation) {}

    /** Called instead of {@link #answered} if the call was not admitted. */
    default void rejected(OperationRejectedException rejection) {}

    /**
     * Ends when nothing more is to be sent to the client, even if the call has not returned: with the operation's id if the client
     * was told to come back for it, never exceptionally. {@code null} if that is when the call returns.
     */
    default @Nullable CompletionStage<@Nullable String> over() {
        return null;
    }

    /** Called when a tool asks for what the client did not declare; returns the tool's error, {@code null} leaves it to the SDK. */
    default @Nullable McpError missing(Map<String, Object> required) {
        return null;
    }
}
