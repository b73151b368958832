package io.asyncmcp.server.modern;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.ExecutorStatistics;
import io.asyncmcp.server.tool.AsyncTools;
import io.asyncmcp.server.tool.OperationCalls;
import io.asyncmcp.server.tool.ToolBody;
import io.asyncmcp.server.transport.RequestMemory;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptResult;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Runs tools that are not asynchronous, prompts and resources for clients of protocol 2026-07-28, on threads of their own and
 * beside the operations that clients know: one that asks its client something waits for an answer that comes with another
 * request.
 *
 * <p>For every other client it stays out of the way. Thread-safe.
 *
 * @since 0.1.0
 */
public final class PlainWork implements AutoCloseable {

    /** The SDK does not check errors against the tool's output schema. */
    private static final CallToolResult NOTHING_YET = new CallToolResult(List.of(), true, null, null);

    private final NamedExecutor engine;

    private final Duration longest;

    /**
     * Creates it.
     *
     * @param executor runs the work, and nothing else; closed with this
     * @param calls runs calls with it
     * @param longest how long a client may wait
     */
    public PlainWork(AsyncExecutor executor, OperationCalls calls, Duration longest) {
        this.engine = new NamedExecutor("plain", executor, calls);
        this.longest = longest;
    }

    NamedExecutor engine() {
        return engine;
    }

    Duration longest() {
        return longest;
    }

    /** Returns how much of it runs, or waits for an answer. */
    public int active() {
        ExecutorStatistics now = engine.executor().statistics();
        return now.queued() + now.working() + now.inputRequired() + now.abandoned();
    }

    /**
     * Takes no more work, and cancels what is not done in time.
     *
     * @param grace how long what runs may go on
     * @return ends with how much was cancelled
     */
    public CompletionStage<Integer> shutdown(Duration grace) {
        return engine.executor().shutdown(grace);
    }

    /** Takes work again after a {@link #shutdown}. */
    public void restart() {
        engine.executor().restart();
    }

    @Override
    public void close() {
        engine.executor().close();
    }

    /**
     * Wraps what is in a list of specifications.
     *
     * @param specifications specifications of any kind, or something else entirely
     * @return a new list, or the given one if there is nothing to wrap
     */
    public List<?> wrap(List<?> specifications) {
        List<Object> wrapped = new ArrayList<>(specifications.size());
        boolean changed = false;
        for (Object specification : specifications) {
            Object replacement = wrapped(specification);
            changed |= replacement != specification;
            wrapped.add(replacement);
        }
        return changed ? wrapped : specifications;
    }

    private Object wrapped(Object specification) {
        return isAsynchronous(specification) ? specification : plain(specification);
    }

    private static boolean isAsynchronous(Object specification) {
        Object handler = null;
        if (specification instanceof SyncToolSpecification sync) {
            handler = sync.callHandler();
        } else if (specification instanceof AsyncToolSpecification async) {
            handler = async.callHandler();
        } else if (specification instanceof McpStatelessServerFeatures.SyncToolSpecification sync) {
            handler = sync.callHandler();
        } else if (specification instanceof McpStatelessServerFeatures.AsyncToolSpecification async) {
            handler = async.callHandler();
        }
        return handler != null && AsyncTools.runsOperations(handler);
    }

    private Object plain(Object specification) {
        if (specification instanceof SyncToolSpecification sync) {
            return new SyncToolSpecification(sync.tool(), syncTool(sync.tool(), sync.callHandler()));
        }
        if (specification instanceof AsyncToolSpecification async) {
            return new AsyncToolSpecification(async.tool(), asyncTool(async.tool(), async.callHandler()));
        }
        if (specification instanceof McpStatelessServerFeatures.SyncToolSpecification sync) {
            return new McpStatelessServerFeatures.SyncToolSpecification(
                    sync.tool(), statelessSyncTool(sync.tool(), sync.callHandler()));
        }
        if (specification instanceof McpStatelessServerFeatures.AsyncToolSpecification async) {
            return new McpStatelessServerFeatures.AsyncToolSpecification(
                    async.tool(), statelessAsyncTool(async.tool(), async.callHandler()));
        }
        if (specification instanceof SyncPromptSpecification sync) {
            return new SyncPromptSpecification(
                    sync.prompt(), sync(sync.prompt().name(), sync.promptHandler(), PlainWork::noPrompt));
        }
        if (specification instanceof AsyncPromptSpecification async) {
            return new AsyncPromptSpecification(
                    async.prompt(), async(async.prompt().name(), async.promptHandler(), PlainWork::noPrompt));
        }
        if (specification instanceof SyncResourceSpecification sync) {
            return new SyncResourceSpecification(
                    sync.resource(), sync(sync.resource().name(), sync.readHandler(), PlainWork::nothingRead));
        }
        if (specification instanceof AsyncResourceSpecification async) {
            return new AsyncResourceSpecification(
                    async.resource(), async(async.resource().name(), async.readHandler(), PlainWork::nothingRead));
        }
        if (specification instanceof SyncResourceTemplateSpecification sync) {
            return new SyncResourceTemplateSpecification(
                    sync.resourceTemplate(),
                    sync(sync.resourceTemplate().name(), sync.readHandler(), PlainWork::nothingRead));
        }
        if (specification instanceof AsyncResourceTemplateSpecification async) {
            return new AsyncResourceTemplateSpecification(
                    async.resourceTemplate(),
                    async(async.resourceTemplate().name(), async.readHandler(), PlainWork::nothingRead));
        }
        return specification;
    }

    // ---- tools -----------------------------------------------------------------------------------------------------

    private BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> syncTool(
            Tool tool, BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> handler) {
        return (exchange, request) -> {
            LongRequest run = LongRequest.of(exchange.transportContext());
            return run == null
                    ? handler.apply(exchange, request)
                    : call(
                            run,
                            tool,
                            request,
                            detached ->
                                    handler.apply(new McpSyncServerExchange(detached.exchange()), detached.request()));
        };
    }

    private BiFunction<McpAsyncServerExchange, CallToolRequest, Mono<CallToolResult>> asyncTool(
            Tool tool, BiFunction<McpAsyncServerExchange, CallToolRequest, Mono<CallToolResult>> handler) {
        return (exchange, request) -> {
            LongRequest run = LongRequest.of(exchange.transportContext());
            return run == null
                    ? handler.apply(exchange, request)
                    : Mono.fromSupplier(() -> call(
                            run, tool, request, detached -> handler.apply(detached.exchange(), detached.request())));
        };
    }

    private BiFunction<McpTransportContext, CallToolRequest, CallToolResult> statelessSyncTool(
            Tool tool, BiFunction<McpTransportContext, CallToolRequest, CallToolResult> handler) {
        return (context, request) -> {
            LongRequest run = LongRequest.of(context);
            return run == null
                    ? handler.apply(context, request)
                    : call(
                            run,
                            tool,
                            request,
                            detached -> handler.apply(detached.transportContext(), detached.request()));
        };
    }

    private BiFunction<McpTransportContext, CallToolRequest, Mono<CallToolResult>> statelessAsyncTool(
            Tool tool, BiFunction<McpTransportContext, CallToolRequest, Mono<CallToolResult>> handler) {
        return (context, request) -> {
            LongRequest run = LongRequest.of(context);
            return run == null
                    ? handler.apply(context, request)
                    : Mono.fromSupplier(() -> call(
                            run,
                            tool,
                            request,
                            detached -> handler.apply(detached.transportContext(), detached.request())));
        };
    }

    private CallToolResult call(LongRequest run, Tool tool, CallToolRequest request, ToolBody body) {
        run.plainly();
        run.calls(engine.calls().call(tool, body, run.toolCall(request)));
        return NOTHING_YET;
    }

    // ---- everything else -------------------------------------------------------------------------------------------

    private <Q, A> BiFunction<McpSyncServerExchange, Q, A> sync(
            String name, BiFunction<McpSyncServerExchange, Q, A> handler, Supplier<A> placeholder) {
        return (exchange, request) -> {
            LongRequest run = LongRequest.of(exchange.transportContext());
            if (run == null) {
                return handler.apply(exchange, request);
            }
            start(run, name, detached -> handler.apply(new McpSyncServerExchange(detached.exchange()), request));
            return placeholder.get();
        };
    }

    private <Q, A> BiFunction<McpAsyncServerExchange, Q, Mono<A>> async(
            String name, BiFunction<McpAsyncServerExchange, Q, Mono<A>> handler, Supplier<A> placeholder) {
        return (exchange, request) -> {
            LongRequest run = LongRequest.of(exchange.transportContext());
            return run == null
                    ? handler.apply(exchange, request)
                    : Mono.fromSupplier(() -> {
                        start(run, name, detached -> handler.apply(detached.exchange(), request));
                        return placeholder.get();
                    });
        };
    }

    private void start(LongRequest run, String name, ToolBody body) {
        ExecuteOptions options = ExecuteOptions.ofType(name)
                .withOwner(run.request().owner())
                .withTimeout(longest)
                .withWeight(RequestMemory.weigh(run.request().params()));
        run.plainly();
        run.runs(engine.calls().run(options, body, run.toolCall(new CallToolRequest(name, Map.of(), meta(run)))));
    }

    private static @Nullable Map<String, Object> meta(LongRequest run) {
        Object token = run.request().meta().progressToken();
        return token == null ? Map.of() : Map.of("progressToken", token);
    }

    private static GetPromptResult noPrompt() {
        return new GetPromptResult(null, List.of());
    }

    private static ReadResourceResult nothingRead() {
        return new ReadResourceResult(List.of());
    }
}
