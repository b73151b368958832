package io.asyncmcp.server.tool;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.server.exchange.LogFollowers;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.exchange.WaitingRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that waits for an operation, and is told what it does if the transport can carry that. Thread-safe. */
final class ClientWait implements Consumer<Operation> {

    private final @Nullable WaitingRequest request;

    private ClientWait(@Nullable WaitingRequest request) {
        this.request = request;
    }

    static ClientWait begin(AsyncExecutor executor, ToolCall call, LogFollowers followers) {
        WaitingRequest request = WaitingRequest.open(executor, call, followers);
        CompletionStage<?> over = call.terms().over();
        if (request != null && over != null) {
            over.thenRun(request::close);
        }
        return new ClientWait(request);
    }

    @Override
    public void accept(Operation changed) {
        if (request != null) {
            request.changed(changed);
        }
    }

    /** Stops when the operation could not be started or followed. */
    void abort() {
        if (request != null) {
            request.close();
        }
    }

    /** Ends as the answer does, once the client has been told everything before it. */
    <T> CompletionStage<T> until(CompletionStage<T> answer) {
        return request == null ? answer : request.finishBefore(answer);
    }
}
