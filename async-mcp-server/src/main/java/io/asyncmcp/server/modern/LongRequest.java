package io.asyncmcp.server.modern;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationRejectedException;
import io.asyncmcp.server.exchange.DetachedExchange;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.question.Question;
import io.asyncmcp.server.transport.LayeredTransportContext;
import io.asyncmcp.server.transport.RequestStream;
import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One request whose handler may take its time and may ask the client something. It ends with whatever comes first: what the
 * handler returns, the end of the wait, or a question that the client can answer.
 *
 * <p>A question ends the request and not the work, which waits for the client to come back with the answer. Thread-safe.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr">Multi round-trip requests</a>
 */
final class LongRequest implements RequestStream, Terms {

    private final ModernRequest request;

    private final LongRequests.Services services;

    private final ModernResults outcomes;

    /** Whether what is not done in time becomes a task. */
    private final boolean taskable;

    /** What the client has to send again with its answers. */
    private final Supplier<byte[]> digest;

    /** Set by whatever ends it first: an answer, or the client that goes. */
    private final AtomicBoolean settled = new AtomicBoolean();

    private final CompletableFuture<Object> result = new CompletableFuture<>();

    private final CompletableFuture<@Nullable String> over = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> abandoned = new CompletableFuture<>();

    /** Set by whatever handles the request before it starts anything. */
    private volatile NamedExecutor engine;

    private volatile @Nullable Operation operation;

    /** Whether the operation was made by this very request, and for it alone. */
    private volatile boolean startedHere;

    /** Whether the client has come back for what an earlier request of its own has started. */
    private volatile boolean resumed;

    private volatile @Nullable OperationRejectedException rejection;

    private volatile @Nullable McpError missing;

    /** Where a handler of the SDK's has started something, and returned nothing that counts. */
    private volatile @Nullable Runnable promised;

    private final LongRequestQuestions questions;

    LongRequest(
            ModernRequest request,
            LongRequests.Services services,
            ModernResults outcomes,
            boolean taskable,
            Map<String, Object> early,
            Supplier<byte[]> digest) {
        this.request = request;
        this.services = services;
        this.outcomes = outcomes;
        this.taskable = taskable;
        this.digest = digest;
        this.questions = new LongRequestQuestions(this, services, early);
        this.engine = services.operations();
        request.channel().lost().thenRun(this::lost);
    }

    /** Finds the run that a handler was called for, unless it is called within an operation. */
    static @Nullable LongRequest of(McpTransportContext context) {
        return context.get(DetachedExchange.REQUEST_KEY) instanceof LongRequest run ? run : null;
    }

    ModernRequest request() {
        return request;
    }

    /** Ends with the result of the request, or with an {@link McpError}. Never ends if the client has gone before. */
    CompletionStage<Object> result() {
        return result;
    }

    McpTransportContext context() {
        return new LayeredTransportContext(request.context(), Map.of(DetachedExchange.REQUEST_KEY, this));
    }

    // ---- what handles it -------------------------------------------------------------------------------------------

    /** Runs what is not asynchronous beside the operations that clients know, up to its end. */
    NamedExecutor plainly() {
        engine = services.plain();
        return engine;
    }

    /** Something is run instead of the SDK's handler. */
    void runs(CompletionStage<Operation> operationAtTheEnd) {
        promised = () -> concludes(operationAtTheEnd);
    }

    /** A tool is called instead of the SDK's handler. */
    void calls(CompletionStage<CallToolResult> answer) {
        promised = () -> returns(answer);
    }

    /** The SDK's handler has replied. What it has started counts, and not what it returns. */
    void replied(JSONRPCResponse response) {
        Runnable started = promised;
        OperationRejectedException refused = rejection;
        if (response.error() != null && refused != null) {
            fail(refused);
        } else if (response.error() != null) {
            fail(new McpError(ModernErrors.translated(response.error())));
        } else if (started != null) {
            started.run();
        } else {
            guarded(null, () -> returned(response.result()));
        }
    }

    /** The request ends with an answer of a tool. */
    void returns(CompletionStage<CallToolResult> answer) {
        answer.whenComplete((result, error) -> guarded(error, () -> returned(result)));
    }

    private void concludes(CompletionStage<Operation> wait) {
        wait.whenComplete((now, error) -> guarded(error, () -> conclude(now)));
    }

    /** Waits for an operation that an earlier request has started. */
    void resumes(NamedExecutor where, CompletionStage<Operation> wait) {
        engine = where;
        resumed = true;
        concludes(wait);
    }

    private void returned(Object value) {
        Operation known = operation;
        if (known != null) {
            conclude(known);
        } else {
            complete(outcomes.complete(request.method(), value));
        }
    }

    private void conclude(Operation now) {
        McpError asked = missing;
        McpError undeclared = asked != null && outcomes.isError(now)
                ? asked
                : UndeclaredCapability.in(now, request.meta().capabilities());
        if (undeclared != null) {
            fail(undeclared);
            return;
        }
        if (engine == services.plain() && !now.status().isTerminal()) {
            // It has waited for its turn all the time. Nobody can come back for it.
            engine.executor().cancelAsync(now.requireId(), null);
            fail(ModernErrors.internal(now.type() + " did not end in time."));
            return;
        }
        McpError unanswerable = ModernResults.unanswerable(now, request.meta().capabilities());
        if (unanswerable != null && (startedHere || resumed)) {
            if (startedHere) {
                engine.executor().cancelAsync(now.requireId(), null);
            }
            // What was started before goes on, for a client that can be asked.
            fail(unanswerable);
            return;
        }
        complete(outcomes.of(request, now, taskable));
    }

    void guarded(@Nullable Throwable error, Runnable conclusion) {
        if (error != null) {
            fail(error);
            return;
        }
        try {
            conclusion.run();
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void complete(Object value) {
        complete(value, null);
    }

    /**
     * Ends the request with an answer.
     *
     * @param comeBackFor the operation that the client is told to come back for with its answers, or {@code null}
     */
    private void complete(Object value, @Nullable String comeBackFor) {
        if (settled.compareAndSet(false, true)) {
            over.complete(comeBackFor);
            result.complete(value);
        }
    }

    void fail(Throwable error) {
        if (settled.compareAndSet(false, true)) {
            over.complete(null);
            result.completeExceptionally(outcomes.error(error));
        }
    }

    /** Be it before there was an answer, or because that did not arrive. */
    private void lost() {
        settled.set(true);
        over.complete(null);
        abandoned.complete(null);
    }

    // ---- terms -----------------------------------------------------------------------------------------------------

    @Override
    public OperationOwner owner() {
        return request.owner();
    }

    @Override
    public Duration waitFor(Duration ofTheTool) {
        if (engine == services.plain()) {
            return services.longest();
        }
        return taskable ? services.settings().inlineWait() : ofTheTool;
    }

    @Override
    public @Nullable Duration ttl(Duration byDefault) {
        Duration longest = services.settings().maxTtl();
        return !taskable ? null : byDefault.compareTo(longest) < 0 ? byDefault : longest;
    }

    @Override
    public boolean endsWithConnection() {
        return true;
    }

    @Override
    public void started(boolean shared) {
        startedHere = !shared;
    }

    @Override
    public void answered(Operation now) {
        operation = now;
    }

    @Override
    public void rejected(OperationRejectedException e) {
        rejection = e;
    }

    @Override
    public CompletionStage<@Nullable String> over() {
        return over;
    }

    @Override
    public McpError missing(Map<String, Object> required) {
        McpError error = ModernErrors.missingCapability(required);
        missing = error;
        return error;
    }

    /** The call as the operation is to see it. Requests of this protocol belong to no session. */
    ToolCall toolCall(CallToolRequest call) {
        return new ToolCall(
                call,
                request.context(),
                null,
                request.meta().capabilities(),
                request.meta().info(),
                this,
                this);
    }

    // ---- what is sent meanwhile ----------------------------------------------------------------------------------

    /** What an SDK's handler sends by itself, which is not asynchronous. */
    Mono<Void> outgoing(JSONRPCMessage message) {
        if (message instanceof JSONRPCRequest) {
            return Mono.error(
                    new IllegalStateException("A tool that was added at run time cannot ask a client of protocol "
                            + ModernProtocol.VERSION + ". Declare it as a bean, or make it asynchronous."));
        }
        return message instanceof JSONRPCNotification notification
                        && notification.params() instanceof LoggingMessageNotification log
                        && !isLoggingAllowed(log.level())
                ? Mono.empty()
                : Mono.fromRunnable(() -> delivery().execute(() -> send(message)));
    }

    @Override
    public void ask(Question question, @Nullable Object params) {
        questions.ask(question);
    }

    @Override
    public void send(JSONRPCMessage message) {
        if (message instanceof JSONRPCNotification notification && !settled.get()) {
            request.channel().send(notification);
        }
    }

    /** The request ends here, and its work waits for the client to come back. */
    void requireInput(List<Question> questions) {
        String operationId = questions.get(0).operationId();
        String state = services.states()
                .seal(new RequestStates.State(engine.name(), operationId), request.owner(), digest.get());
        Map<String, Object> asked = new LinkedHashMap<>();
        questions.forEach(question -> asked.put(
                question.key(),
                ModernResults.inputRequest(
                        question.input().method(), question.input().params())));
        complete(outcomes.inputRequired(asked, state), operationId);
    }

    NamedExecutor engine() {
        return engine;
    }

    @Override
    public boolean isBidirectional() {
        return true;
    }

    @Override
    public Executor delivery() {
        return request.channel().delivery();
    }

    @Override
    public Runnable whenSilent(Runnable action) {
        return request.channel().whenSilent(action);
    }

    @Override
    public boolean isLoggingAllowed(LoggingLevel level) {
        LoggingLevel least = request.meta().logLevel();
        return least != null && level.level() >= least.level();
    }

    @Override
    public CompletionStage<@Nullable Void> disconnected() {
        return abandoned;
    }

    @Override
    public CompletionStage<@Nullable Void> abandoned() {
        return abandoned;
    }

    @Override
    public ContextSnapshot contextSnapshot() {
        return request.snapshot();
    }
}
