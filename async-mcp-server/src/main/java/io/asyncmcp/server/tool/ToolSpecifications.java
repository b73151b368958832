package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.DeferredReply;
import io.asyncmcp.server.transport.RequestStream;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
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
            return replyNow(ToolCall.of(exchange, request), handler);
        }
    }

    private record AsyncHandler(ToolCallHandler handler)
            implements Wrapped, BiFunction<McpAsyncServerExchange, CallToolRequest, Mono<CallToolResult>> {

        @Override
        public Mono<CallToolResult> apply(McpAsyncServerExchange exchange, CallToolRequest request) {
            return reply(ToolCall.of(exchange, request), handler);
        }
    }

    private record StatelessSyncHandler(ToolCallHandler handler)
            implements Wrapped, BiFunction<McpTransportContext, CallToolRequest, CallToolResult> {

        @Override
        public CallToolResult apply(McpTransportContext context, CallToolRequest request) {
            return replyNow(ToolCall.of(context, request), handler);
        }
    }

    private record StatelessAsyncHandler(ToolCallHandler handler)
            implements Wrapped, BiFunction<McpTransportContext, CallToolRequest, Mono<CallToolResult>> {

        @Override
        public Mono<CallToolResult> apply(McpTransportContext context, CallToolRequest request) {
            return reply(ToolCall.of(context, request), handler);
        }
    }

    /** WebMVC's transport blocks on reactive handlers too, so that they hand over a promise like the others. */
    private static Mono<CallToolResult> reply(ToolCall call, ToolCallHandler handler) {
        return Mono.defer(() -> {
            CompletableFuture<CallToolResult> answer = handler.handle(call).toCompletableFuture();
            return isDeferrable(call, answer)
                    ? Mono.just(new DeferredReply(answer).asPlaceholder())
                    : Mono.fromFuture(answer, true);
        });
    }

    private static CallToolResult replyNow(ToolCall call, ToolCallHandler handler) {
        CompletableFuture<CallToolResult> answer = handler.handle(call).toCompletableFuture();
        if (isDeferrable(call, answer)) {
            return new DeferredReply(answer).asPlaceholder();
        }
        try {
            // Only a transport that is not one of ours leaves no choice but to wait here.
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof McpError reported ? reported : e;
        }
    }

    private static boolean isDeferrable(ToolCall call, CompletableFuture<CallToolResult> answer) {
        return !answer.isDone() && RequestStream.of(call.transportContext()) != null;
    }
}
