package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncToolSettings;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.Optional;
import java.util.function.Function;

/** Makes the tools of Spring AI and of the application asynchronous. Thread-safe. */
final class OtherTools {

    private final AsyncToolCatalog catalog;

    private final OperationCalls calls;

    private final GeneratedTools generated;

    private final ToolFace face;

    OtherTools(AsyncToolCatalog catalog, OperationCalls calls, GeneratedTools generated, ToolFace face) {
        this.catalog = catalog;
        this.calls = calls;
        this.generated = generated;
        this.face = face;
    }

    /** Returns the asynchronous tool, the specification itself if nothing changes, or empty if the tool is among ours. */
    Optional<Object> replacement(Object specification) {
        if (specification instanceof McpServerFeatures.SyncToolSpecification sync) {
            return replace(
                    sync,
                    sync.tool(),
                    sync.callHandler(),
                    settings -> made(sync, settings),
                    tool -> new McpServerFeatures.SyncToolSpecification(tool, sync.callHandler()));
        }
        if (specification instanceof McpServerFeatures.AsyncToolSpecification async) {
            return replace(
                    async,
                    async.tool(),
                    async.callHandler(),
                    settings -> made(async, settings),
                    tool -> new McpServerFeatures.AsyncToolSpecification(tool, async.callHandler()));
        }
        if (specification instanceof McpStatelessServerFeatures.SyncToolSpecification sync) {
            return replace(
                    sync,
                    sync.tool(),
                    sync.callHandler(),
                    settings -> made(sync, settings),
                    tool -> new McpStatelessServerFeatures.SyncToolSpecification(tool, sync.callHandler()));
        }
        if (specification instanceof McpStatelessServerFeatures.AsyncToolSpecification async) {
            return replace(
                    async,
                    async.tool(),
                    async.callHandler(),
                    settings -> made(async, settings),
                    tool -> new McpStatelessServerFeatures.AsyncToolSpecification(tool, async.callHandler()));
        }
        return Optional.of(specification);
    }

    McpServerFeatures.SyncToolSpecification made(
            McpServerFeatures.SyncToolSpecification sync, AsyncToolSettings settings) {
        ToolBody body = exchange ->
                sync.callHandler().apply(new McpSyncServerExchange(exchange.exchange()), exchange.request());
        ToolFace.OwnTool own = foreign(sync.tool(), settings, body);
        return ToolSpecifications.sync(own.tool(), own.handler());
    }

    McpServerFeatures.AsyncToolSpecification made(
            McpServerFeatures.AsyncToolSpecification async, AsyncToolSettings settings) {
        ToolBody body = exchange -> async.callHandler().apply(exchange.exchange(), exchange.request());
        ToolFace.OwnTool own = foreign(async.tool(), settings, body);
        return ToolSpecifications.async(own.tool(), own.handler());
    }

    McpStatelessServerFeatures.SyncToolSpecification made(
            McpStatelessServerFeatures.SyncToolSpecification sync, AsyncToolSettings settings) {
        ToolBody body = exchange -> sync.callHandler().apply(exchange.transportContext(), exchange.request());
        ToolFace.OwnTool own = foreign(sync.tool(), settings, body);
        return ToolSpecifications.statelessSync(own.tool(), own.handler());
    }

    McpStatelessServerFeatures.AsyncToolSpecification made(
            McpStatelessServerFeatures.AsyncToolSpecification async, AsyncToolSettings settings) {
        ToolBody body = exchange -> async.callHandler().apply(exchange.transportContext(), exchange.request());
        ToolFace.OwnTool own = foreign(async.tool(), settings, body);
        return ToolSpecifications.statelessAsync(own.tool(), own.handler());
    }

    private Optional<Object> replace(
            Object specification,
            Tool tool,
            Object handler,
            Function<AsyncToolSettings, Object> asynchronous,
            Function<Tool, Object> plain) {
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
        Tool published = PublishedTools.published(tool, tool.outputSchema());
        return Optional.of(catalog.settingsOf(tool.name())
                .map(asynchronous)
                .orElseGet(() -> published == tool ? specification : plain.apply(published)));
    }

    /** Spring AI's tools run by their method, as ours do; others by their handler. */
    private ToolFace.OwnTool foreign(Tool tool, AsyncToolSettings settings, ToolBody handler) {
        Optional<ToolMethod> method = catalog.methodBehind(tool);
        Tool described = method.map(ToolMethod::tool).orElse(tool);
        ToolBody body = method.<ToolBody>map(found -> found).orElse(handler);
        Tool fitting = PublishedTools.fitting(described);
        ToolBody checked = fitting == described ? body : new WrappedResults(body);
        return face.add(PublishedTools.widened(described), calls.callee(fitting, settings, checked));
    }
}
