package io.asyncmcp.server.tasks;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.answer.FailureTexts;
import io.asyncmcp.server.exchange.Audience;
import io.asyncmcp.server.exchange.LogFollowers;
import io.asyncmcp.server.exchange.RelatedTask;
import io.asyncmcp.server.exchange.WaitingRequest;
import io.asyncmcp.server.transport.IncomingRequest;
import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code tasks/result}: waits until the task has ended, however long that takes, and asks the tool's questions meanwhile. At a
 * stateless transport it waits for a while.
 *
 * <p>Holds no thread. Thread-safe.
 */
final class TaskResults {

    /**
     * How often a request that waits is told the state: proxies close what is silent for long, and some servers only notice
     * that a client has gone when they write to it.
     */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);

    private final AsyncExecutor executor;

    private final Answers answers;

    private final TaskStreams streams;

    private final TaskView view;

    private final Duration statelessWait;

    private final Clock clock;

    TaskResults(
            AsyncExecutor executor,
            Answers answers,
            TaskStreams streams,
            TaskView view,
            Duration statelessWait,
            Clock clock) {
        this.executor = executor;
        this.answers = answers;
        this.streams = streams;
        this.view = view;
        this.statelessWait = statelessWait;
        this.clock = clock;
    }

    CompletionStage<CallToolResult> result(String taskId, OperationOwner owner, IncomingRequest request) {
        RequestStream stream = request.stream();
        if (!stream.isBidirectional()) {
            // Nobody tells when the client has gone: its wait would last to the end.
            return executor.continueOperationAsync(taskId, owner, statelessWait).thenApply(operation -> {
                if (!operation.status().isTerminal()) {
                    throw TaskErrors.notEnded();
                }
                return payload(operation);
            });
        }
        // Looked up first: nobody is told anything about a task that is not theirs.
        return executor.findAsync(taskId, owner).thenCompose(found -> waited(taskId, owner, request, stream));
    }

    private CompletionStage<CallToolResult> waited(
            String taskId, OperationOwner owner, IncomingRequest request, RequestStream stream) {
        Audience audience = new Audience(
                stream,
                TaskParams.progressToken(request.request().params()),
                request.session().capabilities(),
                taskId,
                null);
        WaitingRequest waiting = WaitingRequest.open(executor, audience, new LogFollowers(0));
        TaskStreams.Waiting here = streams.open(request.session().id(), taskId, stream);
        AtomicReference<@Nullable Future<Operation>> wait = new AtomicReference<>();
        stream.gone().thenRun(() -> cancel(wait.get()));
        CompletableFuture<Operation> ended = new CompletableFuture<>();
        waitFor(taskId, owner, waiting::changed, stream, wait, ended);
        CompletionStage<CallToolResult> answer = ended.thenApply(this::payload);
        return waiting.finishBefore(
                answer.handle((result, error) -> here.close().thenCompose(quiet -> answer))
                        .thenCompose(Function.identity()));
    }

    /** One wait after the other, until there is an end or nobody to tell it. None of them holds on to the one before. */
    private void waitFor(
            String taskId,
            OperationOwner owner,
            Consumer<Operation> onChange,
            RequestStream stream,
            AtomicReference<@Nullable Future<Operation>> wait,
            CompletableFuture<Operation> ended) {
        CompletableFuture<Operation> next = executor.continueOperationAsync(taskId, owner, SIGN_OF_LIFE, onChange)
                .toCompletableFuture();
        wait.set(next);
        if (stream.gone().toCompletableFuture().isDone()) {
            cancel(next);
        }
        next.thenAccept(operation -> {
                    if (operation.status().isTerminal()) {
                        ended.complete(operation);
                        return;
                    }
                    if (!stream.isCut()) {
                        stream.delivery().execute(() -> stream.send(view.statusNotification(operation)));
                    }
                    waitFor(taskId, owner, onChange, stream, wait, ended);
                })
                .exceptionally(error -> {
                    ended.completeExceptionally(error);
                    return null;
                });
    }

    private static void cancel(@Nullable Future<?> wait) {
        if (wait != null) {
            wait.cancel(false);
        }
    }

    /** What the call would have returned, and whose result it is. */
    private CallToolResult payload(Operation operation) {
        McpError reported = FailureTexts.reported(operation.failure());
        if (reported != null) {
            throw reported;
        }
        CallToolResult result = answers.ended(operation, clock.instant());
        return new CallToolResult(
                result.content(),
                result.isError(),
                result.structuredContent(),
                RelatedTask.mark(result.meta(), operation.requireId()));
    }
}
