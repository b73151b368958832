package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.answer.OutputSchemas;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the asynchronous tools of a server: those that {@code @AsyncTool} alone defines, those it stands beside, those
 * named in the configuration, and the generated ones.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class AsyncTools {

    private final AsyncToolCatalog catalog;

    private final OperationCalls calls;

    private final GeneratedTools generated;

    /**
     * Creates it.
     *
     * @param catalog which tools are asynchronous
     * @param calls runs them
     * @param generated the tools that come back for results
     */
    public AsyncTools(AsyncToolCatalog catalog, OperationCalls calls, GeneratedTools generated) {
        this.catalog = catalog;
        this.calls = calls;
        this.generated = generated;
    }

    /** Returns the tools that are ours, for a server with sessions and synchronous handlers. */
    public List<McpServerFeatures.SyncToolSpecification> syncTools() {
        List<McpServerFeatures.SyncToolSpecification> tools = new ArrayList<>();
        ours(false).forEach(tool -> tools.add(ToolSpecifications.sync(tool.tool(), tool.handler())));
        return tools;
    }

    /** Returns the tools that are ours, for a server with sessions and reactive handlers. */
    public List<McpServerFeatures.AsyncToolSpecification> asyncTools() {
        List<McpServerFeatures.AsyncToolSpecification> tools = new ArrayList<>();
        ours(false).forEach(tool -> tools.add(ToolSpecifications.async(tool.tool(), tool.handler())));
        return tools;
    }

    /** Returns the tools that are ours, for a stateless server with synchronous handlers. */
    public List<McpStatelessServerFeatures.SyncToolSpecification> statelessSyncTools() {
        List<McpStatelessServerFeatures.SyncToolSpecification> tools = new ArrayList<>();
        ours(true).forEach(tool -> tools.add(ToolSpecifications.statelessSync(tool.tool(), tool.handler())));
        return tools;
    }

    /** Returns the tools that are ours, for a stateless server with reactive handlers. */
    public List<McpStatelessServerFeatures.AsyncToolSpecification> statelessAsyncTools() {
        List<McpStatelessServerFeatures.AsyncToolSpecification> tools = new ArrayList<>();
        ours(true).forEach(tool -> tools.add(ToolSpecifications.statelessAsync(tool.tool(), tool.handler())));
        return tools;
    }

    record OwnTool(Tool tool, ToolCallHandler handler) {}

    private List<OwnTool> ours(boolean stateless) {
        catalog.requireNotGenerated(generated.names());
        List<OwnTool> tools = new ArrayList<>();
        for (AsyncToolCatalog.Declared declared : catalog.builtByUs()) {
            if (stateless) {
                declared.method().requireStateless();
            }
            Tool own = declared.method().tool();
            tools.add(new OwnTool(widened(own), handler(own, declared.settings(), declared.method())));
        }
        tools.addAll(generated.tools());
        return tools;
    }

    /**
     * Wraps the asynchronous tools among a list of specifications and leaves the others as they are. Tools that take an
     * {@code OperationContext} are left out: they are among those that are ours.
     *
     * @param specifications specifications of any of the four kinds, or something else entirely
     * @return a new list, or the given one if there is nothing to wrap
     */
    public List<?> wrap(List<?> specifications) {
        List<Object> wrapped = new ArrayList<>(specifications.size());
        boolean changed = false;
        for (Object specification : specifications) {
            Optional<Object> replacement = replacement(specification);
            if (replacement.isPresent() && replacement.get() == specification) {
                wrapped.add(specification);
            } else {
                changed = true;
                replacement.ifPresent(wrapped::add);
            }
        }
        return changed ? wrapped : specifications;
    }

    private Optional<Object> replacement(Object specification) {
        if (specification instanceof McpServerFeatures.SyncToolSpecification sync) {
            return replace(
                    sync,
                    sync.tool(),
                    sync.callHandler(),
                    settings -> ToolSpecifications.sync(
                            widened(sync.tool()),
                            handler(
                                    sync.tool(),
                                    settings,
                                    exchange -> sync.callHandler()
                                            .apply(
                                                    new McpSyncServerExchange(exchange.exchange()),
                                                    exchange.request()))));
        }
        if (specification instanceof McpServerFeatures.AsyncToolSpecification async) {
            return replace(
                    async,
                    async.tool(),
                    async.callHandler(),
                    settings -> ToolSpecifications.async(
                            widened(async.tool()),
                            handler(
                                    async.tool(),
                                    settings,
                                    exchange -> async.callHandler().apply(exchange.exchange(), exchange.request()))));
        }
        if (specification instanceof McpStatelessServerFeatures.SyncToolSpecification sync) {
            return replace(
                    sync,
                    sync.tool(),
                    sync.callHandler(),
                    settings -> ToolSpecifications.statelessSync(
                            widened(sync.tool()),
                            handler(
                                    sync.tool(),
                                    settings,
                                    exchange -> sync.callHandler()
                                            .apply(exchange.transportContext(), exchange.request()))));
        }
        if (specification instanceof McpStatelessServerFeatures.AsyncToolSpecification async) {
            return replace(
                    async,
                    async.tool(),
                    async.callHandler(),
                    settings -> ToolSpecifications.statelessAsync(
                            widened(async.tool()),
                            handler(
                                    async.tool(),
                                    settings,
                                    exchange -> async.callHandler()
                                            .apply(exchange.transportContext(), exchange.request()))));
        }
        return Optional.of(specification);
    }

    /**
     * Tells whether a tool's handler runs operations.
     *
     * @param handler the handler of any tool specification
     * @return {@code false} for the handlers of tools that are not asynchronous
     */
    public static boolean runsOperations(Object handler) {
        return handler instanceof ToolSpecifications.Wrapped;
    }

    private interface Replacer {
        Object with(AsyncToolSettings settings);
    }

    private Optional<Object> replace(Object specification, Tool tool, Object handler, Replacer replacer) {
        if (handler instanceof ToolSpecifications.Wrapped) {
            return Optional.of(specification);
        }
        if (generated.names().contains(tool.name())) {
            throw AsyncToolCatalog.isGenerated(tool.name());
        }
        catalog.seen(tool.name());
        if (catalog.isBuiltByUs(tool.name())) {
            return Optional.empty();
        }
        return Optional.of(
                catalog.settingsOf(tool.name()).<Object>map(replacer::with).orElse(specification));
    }

    private ToolCallHandler handler(Tool tool, AsyncToolSettings settings, ToolBody body) {
        return call -> calls.call(new OperationCalls.Callee(tool, settings, body), call);
    }

    private static Tool widened(Tool tool) {
        if (tool.outputSchema() == null) {
            return tool;
        }
        return new Tool(
                tool.name(),
                tool.title(),
                tool.description(),
                tool.inputSchema(),
                OutputSchemas.widen(tool.outputSchema()),
                tool.annotations(),
                tool.meta(),
                tool.icons());
    }

    /**
     * Checks, when every tool is known, that what was said about tools can be done.
     *
     * @throws IllegalStateException if a configured tool does not exist, or an annotated one did not make it
     */
    public void validate() {
        catalog.validate();
    }
}
