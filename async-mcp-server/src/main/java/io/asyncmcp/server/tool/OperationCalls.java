package io.asyncmcp.server.tool;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationBody;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.answer.Answers;
import io.asyncmcp.server.answer.FailureTexts;
import io.asyncmcp.server.exchange.Capabilities;
import io.asyncmcp.server.exchange.DetachedExchange;
import io.asyncmcp.server.exchange.LogFollowers;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.RequestMemory;
import io.asyncmcp.server.transport.RequestStream;
import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Runs tool calls as operations, and lets clients come back for them. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OperationCalls {

    /** For a client that is known to be impatient. */
    private static final Duration SHORT_WAIT = Duration.ofSeconds(2);

    private final AsyncExecutor executor;

    private final ExecutorConfig config;

    private final OperationOwnerResolver owners;

    private final ClientPatience patience;

    private final Answers answers;

    private final ResultRules results;

    private final Clock clock;

    private final ClientDepartures departures;

    private final OperationLogs logs;

    private final ToolResults toolResults;

    /** Creates it; {@code config} has the executor's times, and {@code clock} tells the time in answers. */
    public OperationCalls(AsyncExecutor executor, ExecutorConfig config, Rules rules, Answers answers, Clock clock) {
        this.executor = executor;
        this.logs = new OperationLogs(executor, config.limits().maxMessageBytes());
        this.config = config;
        this.owners = rules.owners();
        this.patience = rules.patience();
        this.results = rules.results();
        this.toolResults = new ToolResults(results);
        this.answers = answers;
        this.clock = clock;
        this.departures = new ClientDepartures(
                executor,
                new UnansweredCalls(executor, clock, config.maxLifetime().plus(config.retentionPeriod())),
                rules.equal(),
                patience,
                rules.cancelOn());
    }

    /** What holds for every call; {@code cancelOn} decides for clients without a handle, where the tool says nothing. */
    public record Rules(
            OperationOwnerResolver owners,
            ClientPatience patience,
            ResultRules results,
            EqualCalls equal,
            CancelOn cancelOn) {}

    /** Returns how large an answer to a question may be, in bytes. */
    public long maxAnswerBytes() {
        return results.maxAnswerBytes();
    }

    private record FlightKey(Map<String, Object> arguments) {}

    // ---- a call of an asynchronous tool --------------------------------------------------------------------------

    /** A tool whose calls become operations. Thread-safe. */
    final class Callee implements ToolCallHandler {

        private final Tool tool;

        private final AsyncToolSettings settings;

        private final ToolBody body;

        Callee(Tool tool, AsyncToolSettings settings, ToolBody body) {
            this.tool = tool;
            this.settings = settings;
            this.body = body;
        }

        @Override
        public CompletionStage<CallToolResult> handle(ToolCall call) {
            try {
                String tooLarge = refuseArguments(tool.name(), call);
                if (tooLarge != null) {
                    return answered(answers.error(tooLarge));
                }
                OperationOwner owner = ownerOf(call);
                return guarded(departures.take(settings, owner, call).thenCompose(new OwnedCall(call, owner)::begin));
            } catch (Throwable e) {
                return guarded(CompletableFuture.failedFuture(e));
            }
        }

        private final class OwnedCall {

            private final ToolCall call;

            private final OperationOwner owner;

            OwnedCall(ToolCall call, OperationOwner owner) {
                this.call = call;
                this.owner = owner;
            }

            CompletionStage<CallToolResult> begin(Optional<String> before) {
                if (before.isPresent()) {
                    return takeUp(before.get());
                }
                StartedRun run = new StartedRun();
                if (!call.terms().endsWithConnection()) {
                    departures.follow(settings, owner, call, run);
                }
                try {
                    return started(options(call, owner), tool, body, call, run)
                            .thenApply(operation -> answerTo(operation, call));
                } catch (OperationRejectedException e) {
                    return answered(answers.busy(tool.name(), e));
                }
            }

            private CompletionStage<CallToolResult> takeUp(String operationId) {
                departures.follow(settings, owner, call, StartedRun.of(operationId));
                return tell(call, resume(operationId, owner, shorter(timeout(call, owner), SHORT_WAIT), call))
                        .thenApply(operation -> answerTo(operation, call));
            }
        }

        @Override
        public Started submit(ToolCall call) {
            OperationOwner owner;
            try {
                String tooLarge = refuseArguments(tool.name(), call);
                if (tooLarge != null) {
                    throw new RefusedCallException(answers.error(tooLarge));
                }
                owner = ownerOf(call);
            } catch (RefusedCallException e) {
                throw e;
            } catch (Throwable e) {
                throw new RefusedCallException(results.refusal(e, answers));
            }
            ExecuteOptions options = options(call, owner);
            OperationLogs.Following following = logs.begin(options);
            Operation operation = null;
            try (ContextSnapshot.Scope scope = scopeOf(call)) {
                operation = executor.submit(
                        context -> {
                            DetachedExchange exchange = DetachedExchange.of(context, call, following.followers());
                            return toolResults.kept(tool, body.run(exchange), exchange);
                        },
                        options);
                return new Started(operation, following.followers());
            } finally {
                logs.settle(following, operation);
            }
        }

        private Duration timeout(ToolCall call, OperationOwner owner) {
            Duration own = settings.timeout();
            return call.terms().waitFor(asLongAsItWaits(own == null ? config.defaultTimeout() : own, call, owner));
        }

        /** By default, as long as it may run and then be fetched. */
        private Duration ttl() {
            if (settings.taskTtl() != null) {
                return settings.taskTtl();
            }
            Duration longest = settings.maxLifetime() == null ? config.maxLifetime() : settings.maxLifetime();
            return longest.plus(config.retentionPeriod());
        }

        private ExecuteOptions options(ToolCall call, OperationOwner owner) {
            Map<String, Object> arguments = call.request().arguments();
            return ExecuteOptions.ofType(tool.name())
                    .withOwner(owner)
                    .withTimeout(timeout(call, owner))
                    .withMaxLifetime(settings.maxLifetime())
                    .withMaxActive(settings.maxActive())
                    .withInterruptOnCancel(settings.interruptOnCancel())
                    .withTtl(call.terms().ttl(ttl()))
                    .withSingleFlightKey(flightKey(settings, owner, arguments))
                    .withWeight(RequestMemory.weigh(arguments, call.request().meta()))
                    .withReportsFailure(result ->
                            result instanceof CallToolResult toolResult && Boolean.TRUE.equals(toolResult.isError()));
        }
    }

    Callee callee(Tool tool, AsyncToolSettings settings, ToolBody body) {
        return new Callee(tool, settings, body);
    }

    /** Returns why the arguments of a call are refused, or {@code null} if they are not. */
    @Nullable
    String refuseArguments(String tool, ToolCall call) {
        return results.refuseArguments(tool, call.request().arguments());
    }

    private OperationOwner ownerOf(ToolCall call) {
        OperationOwner owner = call.terms().owner();
        return owner == null ? owners.resolve(call.transportContext(), call.sessionId()) : owner;
    }

    /**
     * Runs any body on the terms of a call, which is told on its stream what happens meanwhile. Ends with how the operation stands
     * when the wait is over.
     *
     * @throws OperationRejectedException if it is not admitted
     */
    public CompletionStage<Operation> run(ExecuteOptions options, ToolBody body, ToolCall call) {
        return started(options, null, body, call, new StartedRun());
    }

    /** Calls a plain tool as if it were asynchronous; ends with the answer, or with an {@code McpError} that the tool threw. */
    public CompletionStage<CallToolResult> call(Tool tool, ToolBody body, ToolCall call) {
        return new Callee(tool, AsyncToolSettings.DEFAULTS, body).handle(call);
    }

    private CompletionStage<Operation> started(
            ExecuteOptions options, @Nullable Tool tool, ToolBody toolBody, ToolCall call, StartedRun run) {
        Terms terms = call.terms();
        CompletionStage<@Nullable String> over = terms.over();
        patience.watch(call, options.owner());
        OperationLogs.Following following = logs.begin(options);
        LogFollowers followers = following.followers();
        ClientWait client = ClientWait.begin(executor, call, followers);
        OperationBody body = context -> {
            run.begun(context::operationId);
            terms.started(options.singleFlightKey() != null);
            if (terms.endsWithConnection()) {
                cancelIfAbandoned(options, call, context);
            }
            if (over != null) {
                over.thenAccept(id -> {
                    if (id != null) {
                        logs.keepEarly(following, id);
                    }
                });
            }
            DetachedExchange exchange = DetachedExchange.of(context, call, followers);
            return toolResults.kept(tool, toolBody.run(exchange), exchange);
        };
        CompletionStage<Operation> wait;
        try (ContextSnapshot.Scope scope = scopeOf(call)) {
            wait = executor.executeAsync(body, options, client);
        } catch (Throwable e) {
            client.abort();
            run.waited(null);
            logs.settle(following, null);
            if (e instanceof OperationRejectedException rejected) {
                terms.rejected(rejected);
            }
            throw e;
        }
        return tell(call, client.until(endedWith(over, wait).whenComplete((operation, error) -> {
            run.waited(operation);
            logs.settle(following, operation);
        })));
    }

    /** The face learns more of the operation than the model does. */
    private static CompletionStage<Operation> tell(ToolCall call, CompletionStage<Operation> wait) {
        return wait.thenApply(operation -> {
            call.terms().answered(operation);
            return operation;
        });
    }

    /** Only the client that has gone could fetch the operation, unless equal calls may join it. */
    private void cancelIfAbandoned(ExecuteOptions options, ToolCall call, OperationContext context) {
        RequestStream stream = call.stream();
        if (stream != null && options.singleFlightKey() == null) {
            stream.abandoned().thenRun(() -> executor.cancelAsync(context.operationId(), null));
        }
    }

    /** An operation that a call started without waiting for it, and the followers of its logs. */
    public record Started(Operation operation, LogFollowers logs) {}

    /** Cuts a wait to the time that the client is expected to wait. */
    public Duration asLongAsItWaits(Duration wanted, ToolCall call, OperationOwner owner) {
        return shorter(wanted, patience.of(call, owner));
    }

    /** An anonymous owner shares operations with nobody. */
    private static @Nullable FlightKey flightKey(
            AsyncToolSettings settings, OperationOwner owner, @Nullable Map<String, Object> arguments) {
        return settings.singleFlight() && owner.kind() != OperationOwner.Kind.ANONYMOUS
                ? new FlightKey(arguments == null ? Map.of() : arguments)
                : null;
    }

    /** A protocol error that a tool throws reaches its client with its code, as with Spring AI. */
    private CallToolResult answerTo(Operation operation, ToolCall call) {
        McpError reported = FailureTexts.reported(operation.failure());
        if (reported != null && !call.terms().endsWithConnection()) {
            throw reported;
        }
        return operation.status().isTerminal()
                ? answers.ended(operation, clock.instant())
                : answers.processing(
                        operation, input -> Capabilities.canAnswer(call.capabilities(), input), clock.instant());
    }

    // ---- coming back -----------------------------------------------------------------------------------------------

    CompletionStage<CallToolResult> comeBack(String operationId, Duration wait, ToolCall call) {
        return guarded(() -> comeBack(operationId, ownerOf(call), wait, call));
    }

    private CompletionStage<CallToolResult> comeBack(
            String operationId, OperationOwner owner, Duration wait, ToolCall call) {
        // As long also while the user is asked: each answer of ours costs a turn of the model, and waiting costs
        // nothing.
        Duration longest = asLongAsItWaits(wait, call, owner);
        // Looked up first: nobody follows what is not theirs.
        return executor.findAsync(operationId, owner)
                .thenCompose(found -> follow(operationId, owner, longest, call, true))
                .thenApply(operation -> answerTo(operation, call));
    }

    /**
     * Waits for an operation, for {@code wait} at most, on behalf of a request that is told on its stream what happens meanwhile.
     * Ends with how the operation stands when the wait is over.
     *
     * @throws io.asyncmcp.OperationNotFoundException if there is no such operation, or it is not the owner's
     */
    public CompletionStage<Operation> resume(String operationId, OperationOwner owner, Duration wait, ToolCall call) {
        return follow(operationId, owner, wait, call, false);
    }

    private CompletionStage<Operation> follow(
            String operationId, OperationOwner owner, Duration wait, ToolCall call, boolean whileThere) {
        patience.watch(call, owner);
        ClientWait client = ClientWait.begin(executor, call, logs.of(operationId));
        CompletionStage<Operation> changes;
        try {
            changes = executor.continueOperationAsync(operationId, owner, wait, client);
        } catch (Throwable e) {
            client.abort();
            throw e;
        }
        CompletionStage<Operation> waiting = endedWith(call.terms().over(), changes);
        return client.until(whileThere ? whileThere(call, waiting) : waiting);
    }

    /** A client that only comes back leaves nothing behind: the wait ends with the client. */
    private static CompletionStage<Operation> whileThere(ToolCall call, CompletionStage<Operation> wait) {
        RequestStream stream = call.stream();
        if (stream != null) {
            stream.gone().thenRun(() -> wait.toCompletableFuture().cancel(false));
        }
        return wait;
    }

    /** Once nobody waits, make no handle and count no result as fetched. */
    private static CompletionStage<Operation> endedWith(
            @Nullable CompletionStage<@Nullable String> over, CompletionStage<Operation> wait) {
        if (over != null) {
            over.thenAccept(id -> wait.toCompletableFuture().cancel(false));
        }
        return wait;
    }

    CompletionStage<CallToolResult> cancel(String operationId, ToolCall call) {
        return guarded(() -> {
            OperationOwner owner = ownerOf(call);
            return executor.cancelAsync(operationId, owner)
                    .thenCompose(cancelled -> executor.findAsync(operationId, owner)
                            .thenApply(now -> answers.cancellation(now, cancelled, clock.instant())));
        });
    }

    CompletionStage<CallToolResult> list(OperationQuery query, ToolCall call) {
        return guarded(() -> {
            OperationOwner owner = ownerOf(call);
            return executor.operationsAsync(query.withOwner(owner))
                    .thenApply(operations -> answers.list(operations, clock.instant()));
        });
    }

    // ---- what they share -------------------------------------------------------------------------------------------

    private interface Action {
        CompletionStage<CallToolResult> run();
    }

    /** Turns every failure into an answer, so that no call ends without one. Only a protocol error stays one. */
    private CompletionStage<CallToolResult> guarded(Action action) {
        try {
            return guarded(action.run());
        } catch (Throwable e) {
            // Whatever it is: a store may throw an error, or what it does not declare.
            return guarded(CompletableFuture.failedFuture(e));
        }
    }

    private CompletionStage<CallToolResult> guarded(CompletionStage<CallToolResult> stage) {
        return stage.exceptionally(error -> {
            if (isCancelled(error)) {
                return answers.error("Nobody waits for the answer.");
            }
            if (error.getCause() instanceof McpError reported) {
                throw reported;
            }
            return results.refusal(error, answers);
        });
    }

    private static boolean isCancelled(Throwable error) {
        return error instanceof CancellationException || error.getCause() instanceof CancellationException;
    }

    /** Carries what is bound to the caller over to the operation. */
    private static ContextSnapshot.@Nullable Scope scopeOf(ToolCall call) {
        RequestStream stream = call.stream();
        return stream == null ? null : stream.contextSnapshot().setThreadLocals();
    }

    private static CompletionStage<CallToolResult> answered(CallToolResult answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
