package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncToolSettings;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessAsyncServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes the asynchronous tools of a server: those of {@code @AsyncTool} alone, those it stands beside, those named in the
 * configuration, and the generated ones. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AsyncTools {

    private final AsyncToolCatalog catalog;

    private final OperationCalls calls;

    private final GeneratedTools generated;

    private final OtherTools others;

    private final ToolFace face;

    /** Creates it; {@code face} gets every tool that is made asynchronous. */
    public AsyncTools(AsyncToolCatalog catalog, OperationCalls calls, GeneratedTools generated, ToolFace face) {
        this.catalog = catalog;
        this.calls = calls;
        this.generated = generated;
        this.face = face;
        this.others = new OtherTools(catalog, calls, generated, face);
    }

    /** Returns our tools for a server with sessions and synchronous handlers. */
    public List<McpServerFeatures.SyncToolSpecification> syncTools() {
        List<McpServerFeatures.SyncToolSpecification> tools = new ArrayList<>();
        ours(false).forEach(tool -> tools.add(ToolSpecifications.sync(tool.tool(), tool.handler())));
        return tools;
    }

    /** Returns our tools for a server with sessions and reactive handlers. */
    public List<McpServerFeatures.AsyncToolSpecification> asyncTools() {
        List<McpServerFeatures.AsyncToolSpecification> tools = new ArrayList<>();
        ours(false).forEach(tool -> tools.add(ToolSpecifications.async(tool.tool(), tool.handler())));
        return tools;
    }

    /** Returns our tools for a stateless server with synchronous handlers. */
    public List<McpStatelessServerFeatures.SyncToolSpecification> statelessSyncTools() {
        List<McpStatelessServerFeatures.SyncToolSpecification> tools = new ArrayList<>();
        ours(true).forEach(tool -> tools.add(ToolSpecifications.statelessSync(tool.tool(), tool.handler())));
        return tools;
    }

    /** Returns our tools for a stateless server with reactive handlers. */
    public List<McpStatelessServerFeatures.AsyncToolSpecification> statelessAsyncTools() {
        List<McpStatelessServerFeatures.AsyncToolSpecification> tools = new ArrayList<>();
        ours(true).forEach(tool -> tools.add(ToolSpecifications.statelessAsync(tool.tool(), tool.handler())));
        return tools;
    }

    private List<ToolFace.OwnTool> ours(boolean stateless) {
        catalog.requireNotGenerated(generated.names());
        List<ToolFace.OwnTool> tools = own(catalog.builtByUs(), stateless);
        generated.tools().forEach(tool -> tools.add(face.add(PublishedTools.widened(tool.tool()), tool.handler())));
        return tools;
    }

    private List<ToolFace.OwnTool> own(Collection<AsyncToolCatalog.Declared> declaredTools, boolean stateless) {
        List<ToolFace.OwnTool> tools = new ArrayList<>();
        for (AsyncToolCatalog.Declared declared : declaredTools) {
            if (stateless) {
                declared.method().requireStateless();
            }
            Tool own = declared.tool();
            tools.add(face.add(PublishedTools.widened(own), calls.callee(own, declared.settings(), declared.method())));
        }
        return tools;
    }

    private List<ToolFace.OwnTool> late(boolean stateless, ServerCapabilities capabilities) {
        catalog.requireNotGenerated(generated.names());
        List<ToolFace.OwnTool> tools = own(catalog.late(), stateless);
        Set<String> names = catalog.asynchronousTools().keySet();
        if (capabilities.tools() == null && !names.isEmpty()) {
            throw new InvalidToolException(
                    "spring.ai.mcp.server.capabilities.tool is false, so that the server has none of the tools " + names
                            + ".",
                    "Remove the setting, or set async.mcp.enabled=false.");
        }
        return tools;
    }

    /** Adds tools found since the server got the others: on beans made later, whose declared types hide what they are. */
    public void addLate(McpSyncServer server) {
        publishedBy(server.getAsyncServer().listTools());
        late(false, server.getServerCapabilities())
                .forEach(tool -> server.addTool(ToolSpecifications.sync(tool.tool(), tool.handler())));
    }

    /** Adds tools found since the server got the others. */
    public void addLate(McpAsyncServer server) {
        publishedBy(server.listTools());
        late(false, server.getServerCapabilities())
                .forEach(tool -> begin(server.addTool(ToolSpecifications.async(tool.tool(), tool.handler()))));
    }

    /** Adds tools found since the server got the others. */
    public void addLate(McpStatelessSyncServer server) {
        late(true, server.getServerCapabilities())
                .forEach(tool -> server.addTool(ToolSpecifications.statelessSync(tool.tool(), tool.handler())));
    }

    /** Adds tools found since the server got the others. */
    public void addLate(McpStatelessAsyncServer server) {
        publishedBy(server.listTools());
        late(true, server.getServerCapabilities())
                .forEach(tool -> begin(server.addTool(ToolSpecifications.statelessAsync(tool.tool(), tool.handler()))));
    }

    /** The SDK lists its tools without waiting for anything. */
    private void publishedBy(Flux<Tool> listed) {
        face.publishedBy(tool -> Boolean.TRUE.equals(
                listed.any(other -> other == tool).toFuture().getNow(false)));
    }

    /** The server has the tool, or throws, at once; nobody waits until clients are told. */
    private static void begin(Mono<Void> adding) {
        adding.toFuture().getNow(null);
    }

    /**
     * Wraps the asynchronous tools among specifications of any kind, and leaves everything else as it is. Leaves out tools that
     * take an {@code OperationContext}: they are among ours. Returns the given list if nothing changes.
     */
    public List<?> wrap(List<?> specifications) {
        List<Object> wrapped = new ArrayList<>(specifications.size());
        boolean changed = false;
        for (Object specification : specifications) {
            Optional<Object> replacement = others.replacement(specification);
            changed |= replacement.isEmpty() || replacement.get() != specification;
            replacement.ifPresent(wrapped::add);
        }
        return changed ? wrapped : specifications;
    }

    /**
     * Makes a tool asynchronous that is added to a server at run time, such as with {@code McpSyncServer.addTool}.
     * {@code async.mcp.tools.<name>} overrides the settings. The name stays an asynchronous tool's, even after the tool has been
     * removed from the server.
     *
     * @throws InvalidToolException if another asynchronous tool or a generated one has its name
     */
    public McpServerFeatures.SyncToolSpecification asynchronous(
            McpServerFeatures.SyncToolSpecification specification, AsyncToolSettings settings) {
        return others.made(specification, added(specification.tool(), settings));
    }

    /** Like {@link #asynchronous(McpServerFeatures.SyncToolSpecification, AsyncToolSettings)}, for an async server. */
    public McpServerFeatures.AsyncToolSpecification asynchronous(
            McpServerFeatures.AsyncToolSpecification specification, AsyncToolSettings settings) {
        return others.made(specification, added(specification.tool(), settings));
    }

    /** Like {@link #asynchronous(McpServerFeatures.SyncToolSpecification, AsyncToolSettings)}, for a stateless sync server. */
    public McpStatelessServerFeatures.SyncToolSpecification asynchronous(
            McpStatelessServerFeatures.SyncToolSpecification specification, AsyncToolSettings settings) {
        return others.made(specification, added(specification.tool(), settings));
    }

    /** Like {@link #asynchronous(McpServerFeatures.SyncToolSpecification, AsyncToolSettings)}, for a stateless async server. */
    public McpStatelessServerFeatures.AsyncToolSpecification asynchronous(
            McpStatelessServerFeatures.AsyncToolSpecification specification, AsyncToolSettings settings) {
        return others.made(specification, added(specification.tool(), settings));
    }

    private AsyncToolSettings added(Tool tool, AsyncToolSettings settings) {
        if (generated.names().contains(tool.name())) {
            throw AsyncToolCatalog.isGenerated(tool.name());
        }
        return catalog.add(tool.name(), settings);
    }

    /** Tells whether the handler of any tool specification runs operations. */
    public static boolean runsOperations(Object handler) {
        return handler instanceof ToolSpecifications.Wrapped;
    }

    /**
     * Checks, when every tool is known, that what was said about tools can be done.
     *
     * @throws IllegalStateException if a configured tool does not exist, or an annotated method did not become a tool
     */
    public void validate() {
        catalog.validate();
    }
}
