package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.ToolCall;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The four kinds of tool specification, each around the same handler. */
final class ToolSpecifications {

    private ToolSpecifications() {}

    static McpServerFeatures.SyncToolSpecification sync(Tool tool, ToolCallHandler handler) {
        return new McpServerFeatures.SyncToolSpecification(tool, new SyncHandler(handler));
    }

    static McpServerFeatures.AsyncToolSpecification async(Tool tool, ToolCallHandler handler) {
        return new McpServerFeatures.AsyncToolSpecification(tool, new AsyncHandler(handler));
    }

    static McpStatelessServerFeatures.SyncToolSpecification statelessSync(Tool tool, ToolCallHandler handler) {
        return new McpStatelessServerFeatures.SyncToolSpecification(tool, new StatelessSyncHandler(handler));
    }

    static McpStatelessServerFeatures.AsyncToolSpecification statelessAsync(Tool tool, ToolCallHandler handler) {
        return new McpStatelessServerFeatures.AsyncToolSpecification(tool, new StatelessAsyncHandler(handler));
    }

    /** Marks handlers that run operations already, so that they are not wrapped again. */
    sealed interface Wrapped {}

    private record SyncHandler(ToolCallHandler handler)
            implements Wrapped, BiFunction<McpSyncServerExchange, CallToolRequest, CallToolResult> {

        @Override
        public CallToolResult apply(McpSyncServerExchange exchange, CallToolRequest request) {
            return now(result(exchange.transportContext(), () -> ToolCall.of(exchange, request), handler));
        }
    }

    private record AsyncHandler(ToolCallHandler handler)
            implements Wrapped, BiFunction<McpAsyncServerExchange, CallToolRequest, Mono<CallToolResult>> {

        @Override
        public Mono<CallToolResult> apply(McpAsyncServerExchange exchange, CallToolRequest request) {
            return later(() -> result(exchange.transportContext(), () -> ToolCall.of(exchange, request), handler));
        }
    }

    private record StatelessSyncHandler(ToolCallHandler handler)
            implements Wrapped, BiFunction<McpTransportContext, CallToolRequest, CallToolResult> {

        @Override
        public CallToolResult apply(McpTransportContext context, CallToolRequest request) {
            return now(result(context, () -> ToolCall.of(context, request), handler));
        }
    }

    private record StatelessAsyncHandler(ToolCallHandler handler)
            implements Wrapped, BiFunction<McpTransportContext, CallToolRequest, Mono<CallToolResult>> {

        @Override
        public Mono<CallToolResult> apply(McpTransportContext context, CallToolRequest request) {
            return later(() -> result(context, () -> ToolCall.of(context, request), handler));
        }
    }

    /** The SDK calls on a transport that is not ours, or because it does not look at arguments. */
    private static CompletionStage<CallToolResult> result(
            @Nullable McpTransportContext context, Supplier<ToolCall> call, ToolCallHandler handler) {
        ToolFace.LetThrough known = ToolFace.LetThrough.in(context);
        return known == null ? handler.handle(call.get()) : known.result().get();
    }

    private static Mono<CallToolResult> later(Supplier<CompletionStage<CallToolResult>> result) {
        return Mono.defer(() -> Mono.fromFuture(result.get().toCompletableFuture(), true));
    }

    private static CallToolResult now(CompletionStage<CallToolResult> result) {
        try {
            return result.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof McpError reported ? reported : e;
        }
    }
}
