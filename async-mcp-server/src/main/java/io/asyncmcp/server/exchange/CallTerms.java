package io.asyncmcp.server.exchange;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationRejectedException;
import io.modelcontextprotocol.common.McpTransportContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a face makes a call. It puts them into the transport context of the call.
 *
 * <p>What such a call started is cancelled if the client gives the request up before it has an answer, unless it may be
 * shared with other calls. Thread-safe.
 *
 * @since 0.1.0
 */
public interface CallTerms {

    /** Where the terms are in the transport context. */
    String KEY = CallTerms.class.getName();

    /**
     * Finds the terms of a call.
     *
     * @param context the call's transport context
     * @return the terms, or {@code null} if the call has none but the usual ones
     */
    static @Nullable CallTerms of(McpTransportContext context) {
        return context.get(KEY) instanceof CallTerms terms ? terms : null;
    }

    /**
     * Says on whose behalf the call acts. The session that its exchange has may be made for this one request.
     *
     * @return the owner
     */
    OperationOwner owner();

    /**
     * Says how long the call waits for its result.
     *
     * @param ofTheTool how long it would wait otherwise
     * @return how long it waits
     */
    Duration waitFor(Duration ofTheTool);

    /**
     * Says how long the operation is to be kept.
     *
     * @param byDefault how long it would be kept otherwise, counted from its creation
     * @return how long it is kept at least, or {@code null} if only the retention period counts
     */
    @Nullable
    Duration ttl(Duration byDefault);

    /**
     * Called when the operation that the call has made begins to run; not for a call that has joined another one's.
     *
     * @param shared whether other calls may join it
     */
    void started(boolean shared);

    /**
     * Called when the wait is over, before the call returns.
     *
     * @param operation how the operation stands; it has an id if it has not ended
     */
    void answered(Operation operation);

    /**
     * Called instead if the call was not admitted.
     *
     * @param rejection why
     */
    void rejected(OperationRejectedException rejection);

    /**
     * Ends when the client has its answer and nothing more is to be sent to it, be it that the call has not returned.
     *
     * @return ends with the id of the operation if the client was told to come back for it, and never exceptionally
     */
    CompletionStage<@Nullable String> over();
}
