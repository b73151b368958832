package io.asyncmcp.server.tool;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.server.exchange.LogFollowers;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.exchange.WaitingRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Tells clients what their operations do for as long as they wait.
 *
 * <p>Thread-safe.
 */
final class ClientWaits {

    private final AsyncExecutor executor;

    ClientWaits(AsyncExecutor executor) {
        this.executor = executor;
    }

    interface Waiting<T> {
        CompletionStage<T> until(Consumer<Operation> onChange);
    }

    <T> CompletionStage<T> follow(ToolCall call, LogFollowers followers, Waiting<T> waiting) {
        WaitingRequest request = WaitingRequest.open(executor, call, followers);
        if (request == null) {
            return waiting.until(operation -> {});
        }
        CompletionStage<?> over = call.terms().over();
        if (over != null) {
            over.thenRun(request::close);
        }
        CompletionStage<T> answer;
        try {
            answer = waiting.until(request::changed);
        } catch (Throwable e) {
            request.close();
            throw e;
        }
        return request.finishBefore(answer);
    }
}
