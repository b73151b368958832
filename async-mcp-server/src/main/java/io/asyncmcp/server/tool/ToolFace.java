package io.asyncmcp.server.tool;

import io.asyncmcp.server.answer.BoundedSchemaValidator;
import io.asyncmcp.server.exchange.Terms;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.Dialect;
import io.asyncmcp.server.transport.IncomingRequest;
import io.asyncmcp.server.transport.SdkServer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Answers calls of asynchronous and generated tools before the SDK sees them, so that no thread waits. Leaves to the SDK calls of
 * tools that the server does not have, and calls whose arguments do not fit: the SDK refuses them, unless it was told not to look
 * at arguments. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ToolFace implements Dialect {

    private static final ClientCapabilities NOTHING =
            ClientCapabilities.builder().build();

    private static final Implementation NOBODY =
            Implementation.builder("async-mcp", "0").build();

    private final ConcurrentMap<String, OwnTool> tools = new ConcurrentHashMap<>();

    /** Whether the server has a tool now: tools come and go. */
    private volatile Predicate<Tool> published = tool -> false;

    /** Until the SDK lets arguments through that do not fit. */
    private volatile boolean argumentsMustFit = true;

    /** A tool as clients see it, and what answers its calls. */
    record OwnTool(Tool tool, ToolCallHandler handler) {}

    OwnTool add(Tool tool, ToolCallHandler handler) {
        OwnTool own = new OwnTool(tool, handler);
        tools.put(tool.name(), own);
        return own;
    }

    /** Sets how to tell which tools the server has at the moment. */
    void publishedBy(Predicate<Tool> server) {
        published = server;
    }

    @Override
    public Handling handle(IncomingRequest request) {
        OwnCall own = find(request, Terms.USUAL);
        return own == null ? Handling.AS_IT_IS : own;
    }

    @Override
    public void initialized(Map<String, Object> result, McpTransportContext context, boolean onlyClient) {
        // A server with these tools has tools.
    }

    /** A server lists its tools without waiting for anything. */
    @Override
    public void attached(SdkServer server) {
        published = tool -> server.open(NOTHING, NOBODY)
                .handle(
                        new JSONRPCRequest(McpSchema.METHOD_TOOLS_LIST, 0, Map.of()),
                        message -> Mono.empty(),
                        McpTransportContext.EMPTY)
                .map(response -> response.result() instanceof ListToolsResult listed
                        && listed.tools().stream().anyMatch(other -> other == tool))
                .toFuture()
                .getNow(false);
    }

    /** Finds the tool that a request calls, or returns {@code null} if it calls no asynchronous or generated tool. */
    public @Nullable OwnCall find(IncomingRequest request, Terms terms) {
        if (!request.request().method().equals(McpSchema.METHOD_TOOLS_CALL)) {
            return null;
        }
        return find(
                request.request().params(),
                called -> new ToolCall(
                        called,
                        request.context(),
                        request.session().id(),
                        request.session().capabilities(),
                        request.session().info(),
                        request.stream(),
                        terms));
    }

    /** Finds the asynchronous or generated tool of a {@code tools/call}; {@code null} for others, which the SDK reads. */
    public @Nullable OwnCall find(@Nullable Object params, Function<CallToolRequest, ToolCall> call) {
        OwnTool tool = params instanceof Map<?, ?> members && members.get("name") instanceof String name
                ? tools.get(name)
                : null;
        return tool == null || !published.test(tool.tool())
                ? null
                : new OwnCall(
                        tool, call.apply(McpJsonDefaults.getMapper().convertValue(params, CallToolRequest.class)));
    }

    /** A call of an asynchronous or generated tool that has not been made yet. For one call. */
    public final class OwnCall implements Handling {

        private final OwnTool tool;

        private final ToolCall call;

        private final boolean fits;

        private OwnCall(OwnTool tool, ToolCall call) {
            this.tool = tool;
            this.call = call;
            this.fits = !argumentsMustFit
                    || BoundedSchemaValidator.get()
                            .validate(tool.tool().inputSchema(), call.request().arguments())
                            .valid();
        }

        /** Returns {@code false} if the arguments do not fit, so that the SDK is to refuse the call. */
        @Override
        public boolean answers() {
            return fits;
        }

        @Override
        public boolean waitsForInitialized() {
            return true;
        }

        /** Makes the call; ends with the answer to the model, and failures are answers too. */
        @Override
        public CompletionStage<CallToolResult> result() {
            return tool.handler().handle(call);
        }

        @Override
        public Map<String, Object> context() {
            return forSdk(this::result);
        }

        /**
         * Starts the operation and does not wait for it.
         *
         * @throws io.asyncmcp.OperationRejectedException if it is not admitted
         * @throws RefusedCallException if the call is not what it should be
         * @throws UnsupportedOperationException if the tool starts no operations
         */
        public OperationCalls.Started submit() {
            return tool.handler().submit(call);
        }

        /**
         * Returns entries of the transport context that tell the SDK's handler to call {@code letThrough}, if the SDK lets a call
         * through that does not fit.
         */
        public Map<String, Object> forSdk(Supplier<CompletionStage<CallToolResult>> letThrough) {
            return Map.of(LetThrough.KEY, new LetThrough(() -> {
                argumentsMustFit = false;
                return letThrough.get();
            }));
        }
    }

    /** What a handler does if the SDK calls it although the arguments do not fit. */
    record LetThrough(Supplier<CompletionStage<CallToolResult>> result) {

        private static final String KEY = LetThrough.class.getName();

        /** Returns {@code null} if the face has not seen the call. */
        static @Nullable LetThrough in(@Nullable McpTransportContext context) {
            return context != null && context.get(KEY) instanceof LetThrough call ? call : null;
        }
    }
}
