package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.tool.AnnotatedTools.Found;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Which tools are asynchronous, and how each is to be run.
 *
 * <p>It looks at the types of all beans when it is first asked, and makes only the beans that have annotated methods of
 * ours to call. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AsyncToolCatalog {

    private final ListableBeanFactory beans;

    private final Map<String, AsyncToolSettings.Override> overrides;

    /** Names of the tools that the application has besides ours. */
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    /** Guarded by this until it is there; then only read. */
    private @Nullable Map<String, Found> found;

    /** Guarded by this until it is there; then only read. */
    private @Nullable Map<String, Declared> builtByUs;

    /**
     * Creates a catalog.
     *
     * @param beans where annotated methods are looked for
     * @param overrides what the configuration says, by tool name
     */
    public AsyncToolCatalog(ListableBeanFactory beans, Map<String, AsyncToolSettings.Override> overrides) {
        this.beans = beans;
        this.overrides = Map.copyOf(overrides);
    }

    /** A tool that is made here and not by Spring AI. */
    record Declared(ToolMethod method, AsyncToolSettings settings) {}

    Collection<Declared> builtByUs() {
        synchronized (this) {
            if (builtByUs == null) {
                Map<String, Declared> built = new LinkedHashMap<>();
                found().forEach((name, tool) -> {
                    if (tool.ours()) {
                        Object bean = beans.getBean(tool.beanName());
                        Method callable = AopUtils.selectInvocableMethod(tool.method(), bean.getClass());
                        built.put(
                                name,
                                new Declared(
                                        new ToolMethod(name, tool.method(), callable, bean), settings(name, tool)));
                    }
                });
                builtByUs = built;
            }
            return builtByUs.values();
        }
    }

    boolean isBuiltByUs(String toolName) {
        Found tool = found().get(toolName);
        return tool != null && tool.ours();
    }

    /**
     * Tells how a tool is run.
     *
     * @param toolName the name of any tool
     * @return its settings, empty if it is not asynchronous
     */
    public Optional<AsyncToolSettings> settingsOf(String toolName) {
        Found tool = found().get(toolName);
        AsyncToolSettings.Override override = overrides.get(toolName);
        if (override != null && Boolean.FALSE.equals(override.enabled())) {
            return Optional.empty();
        }
        if (tool == null) {
            return Optional.ofNullable(override).map(AsyncToolSettings.DEFAULTS::with);
        }
        return Optional.of(settings(toolName, tool));
    }

    private AsyncToolSettings settings(String toolName, Found tool) {
        AsyncToolSettings.Override override = overrides.get(toolName);
        return override == null ? tool.settings() : tool.settings().with(override);
    }

    /** Notes that the application has a tool of this name. */
    void seen(String toolName) {
        seen.add(toolName);
        Found tool = found().get(toolName);
        if (tool != null && tool.ours() && !tool.method().isAnnotationPresent(McpTool.class)) {
            throw new IllegalStateException("@AsyncTool method " + tool.method() + " has the same tool name " + toolName
                    + " as another tool of the application. Give one of them another name.");
        }
    }

    /** Refuses names that generated tools have. Asked before the SDK sees two tools of one name. */
    void requireNotGenerated(Set<String> generated) {
        found().keySet().stream().filter(generated::contains).findFirst().ifPresent(name -> {
            throw isGenerated(name);
        });
    }

    static IllegalStateException isGenerated(String name) {
        return new IllegalStateException("The application has a tool named " + name
                + ", which is the name of a generated tool. Rename the tool, or set"
                + " async.mcp.continue-tool.name, async.mcp.cancel-tool.name or async.mcp.list-tool.name.");
    }

    void validate() {
        overrides.forEach((name, override) -> {
            Found tool = found().get(name);
            if (tool != null && tool.ours() && Boolean.FALSE.equals(override.enabled())) {
                throw new IllegalStateException("async.mcp.tools." + name + ".enabled must not be false: "
                        + tool.method() + " is a tool through @AsyncTool or an OperationContext alone, so"
                        + " that nothing plain would be left of it. Put @McpTool beside, without an OperationContext, or"
                        + " remove the setting.");
            }
            if (!seen.contains(name) && !isBuiltByUs(name)) {
                throw new IllegalStateException(
                        "async.mcp.tools." + name + " names a tool that does not exist. The tools are " + known()
                                + ". Correct the name, or remove the setting.");
            }
        });
        for (Map.Entry<String, Found> entry : found().entrySet()) {
            if (!entry.getValue().ours() && !seen.contains(entry.getKey())) {
                throw new IllegalStateException(
                        "@AsyncTool method " + entry.getValue().method()
                                + " did not become a tool: Spring AI has left it out. A STATELESS server takes no methods with"
                                + " McpSyncRequestContext, McpAsyncRequestContext or an exchange; a SYNC server takes no reactive"
                                + " and an ASYNC server only reactive @McpTool methods; @Tool methods need a"
                                + " ToolCallbackProvider. @AsyncTool without @McpTool has the last two limits not.");
            }
        }
    }

    private Set<String> known() {
        Set<String> names = new TreeSet<>(seen);
        found().forEach((name, tool) -> names.add(name));
        return names;
    }

    private Map<String, Found> found() {
        synchronized (this) {
            if (found == null) {
                found = new AnnotatedTools(beans, overrides).find();
            }
            return found;
        }
    }
}
