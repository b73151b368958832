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
 * Answers calls of asynchronous and generated tools before the SDK sees them, so that no thread waits.
 *
 * <p>Calls of tools that the server does not have are left to the SDK, and so are calls whose arguments do not fit: the SDK
 * refuses them, unless it was told not to look at arguments. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ToolFace implements Dialect {

    private static final ClientCapabilities NOTHING =
            ClientCapabilities.builder().build();

    private static final Implementation NOBODY =
            Implementation.builder("async-mcp", "0").build();

    /** By their names. */
    private final ConcurrentMap<String, OwnTool> tools = new ConcurrentHashMap<>();

    /** Tools come and go while a server runs. */
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

    /** Says which tools the server has at the moment. */
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

    /** Any server lists its tools for a client, without waiting for anything. */
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

    /**
     * Finds the tool that a request calls.
     *
     * @param request any request
     * @param terms the terms on which a call is made
     * @return the call, or {@code null} if the request is none, or calls a tool that is not asynchronous or generated
     */
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

    /**
     * Finds the tool that a {@code tools/call} is for. Calls of other tools are not read: the SDK does that.
     *
     * @param params the params of the request
     * @param call makes the call of what they say
     * @return the call, or {@code null} if the server has no asynchronous or generated tool of this name
     */
    public @Nullable OwnCall find(@Nullable Object params, Function<CallToolRequest, ToolCall> call) {
        OwnTool tool = params instanceof Map<?, ?> members && members.get("name") instanceof String name
                ? tools.get(name)
                : null;
        return tool == null || !published.test(tool.tool())
                ? null
                : new OwnCall(
                        tool, call.apply(McpJsonDefaults.getMapper().convertValue(params, CallToolRequest.class)));
    }

    /** A call of an asynchronous or generated tool, which has not been made yet. For one call. */
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

        /**
         * Tells whether the call can be made.
         *
         * @return {@code false} if its arguments do not fit, so that the SDK is to refuse it
         */
        @Override
        public boolean answers() {
            return fits;
        }

        @Override
        public boolean waitsForInitialized() {
            return true;
        }

        /**
         * Makes the call, and waits for the result.
         *
         * @return ends with the answer to the model; what goes wrong is an answer too
         */
        @Override
        public CompletionStage<CallToolResult> result() {
            return tool.handler().handle(call);
        }

        @Override
        public Map<String, Object> context() {
            return forSdk(this::result);
        }

        /**
         * Starts the operation, and waits for nothing.
         *
         * @return the operation
         * @throws io.asyncmcp.OperationRejectedException if it is not admitted
         * @throws RefusedCallException if the call is not what it should be, or the tool starts no operations
         */
        public OperationCalls.Started submit() {
            return tool.handler().submit(call);
        }

        /**
         * Returns what the SDK's handler finds in the transport context of a call that does not fit.
         *
         * @param letThrough called if the SDK lets it through; has the result of the handler
         * @return entries, by key
         */
        public Map<String, Object> forSdk(Supplier<CompletionStage<CallToolResult>> letThrough) {
            return Map.of(LetThrough.KEY, new LetThrough(() -> {
                argumentsMustFit = false;
                return letThrough.get();
            }));
        }
    }

    /** What a handler does that the SDK calls although the arguments do not fit. */
    record LetThrough(Supplier<CompletionStage<CallToolResult>> result) {

        private static final String KEY = LetThrough.class.getName();

        /** Returns what the handler is to do, or {@code null} if the face has not seen the call. */
        static @Nullable LetThrough in(@Nullable McpTransportContext context) {
            return context != null && context.get(KEY) instanceof LetThrough call ? call : null;
        }
    }
}
