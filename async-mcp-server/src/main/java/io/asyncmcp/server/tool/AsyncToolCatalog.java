package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.tool.AnnotatedTools.Found;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Says which tools are asynchronous and how each runs. It looks at the declared types of all beans when first asked, then at the
 * types of beans as they are made, and creates only the beans whose methods become tools here. Thread-safe.
 *
 * @since 0.1.0
 */
public final class AsyncToolCatalog {

    private final ListableBeanFactory beans;

    private final ToolOverrides overrides;

    private final UnaryOperator<String> texts;

    /** Settings of tools that the application makes asynchronous at run time. */
    private final Map<String, AsyncToolSettings> added = new ConcurrentHashMap<>();

    /** Names of the tools that the application has besides ours. */
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    /** Guarded by this. */
    private final AnnotatedTools annotated;

    /** Guarded by itself. */
    private final Map<String, Declared> built = new LinkedHashMap<>();

    /** Creates a catalog that finds tools by the declared types of beans; {@code overrides} are by tool name. */
    public AsyncToolCatalog(ListableBeanFactory beans, Map<String, AsyncToolSettings.Override> overrides) {
        this(beans, new ToolOverrides(overrides, Map.of()), new ToolBeans());
    }

    /** Creates a catalog that also finds tools hidden by the declared type of their bean, once {@code made} has noted it. */
    public AsyncToolCatalog(ListableBeanFactory beans, ToolOverrides overrides, ToolBeans made) {
        this.beans = beans;
        this.overrides = overrides;
        this.texts = texts(beans);
        this.annotated = new AnnotatedTools(beans, made, new AnnotatedMethods(beans, overrides, texts));
    }

    private static UnaryOperator<String> texts(ListableBeanFactory beans) {
        return text -> {
            String resolved =
                    beans instanceof ConfigurableBeanFactory factory ? factory.resolveEmbeddedValue(text) : text;
            return resolved == null ? "" : resolved;
        };
    }

    /** A tool that is made here and not by Spring AI. */
    record Declared(ToolMethod method, Tool tool, AsyncToolSettings settings) {}

    /** Builds what is known by now, and returns all that has been built. */
    Collection<Declared> builtByUs() {
        build(Found::ours);
        synchronized (built) {
            return List.copyOf(built.values());
        }
    }

    /** Builds what was found after the others had been built. */
    Collection<Declared> late() {
        return build(Found::ours);
    }

    private Collection<Declared> build(Predicate<Found> wanted) {
        List<Declared> next = new ArrayList<>();
        for (Found tool : found().values()) {
            if (!isBuilt(tool.name()) && wanted.test(tool)) {
                next.add(build(tool));
            }
        }
        return next;
    }

    /** Texts of {@code @AsyncTool} may have placeholders, as its durations may. */
    private Tool resolved(Tool tool) {
        String title = tool.title() == null ? "" : texts.apply(tool.title());
        ToolAnnotations hints = tool.annotations();
        return new Tool(
                tool.name(),
                title.isBlank() ? tool.name() : title,
                tool.description() == null ? null : texts.apply(tool.description()),
                tool.inputSchema(),
                tool.outputSchema(),
                hints == null || hints.title() == null
                        ? hints
                        : new ToolAnnotations(
                                texts.apply(hints.title()),
                                hints.readOnlyHint(),
                                hints.destructiveHint(),
                                hints.idempotentHint(),
                                hints.openWorldHint(),
                                hints.returnDirect()),
                tool.meta(),
                tool.icons());
    }

    private boolean isBuilt(String toolName) {
        synchronized (built) {
            return built.containsKey(toolName);
        }
    }

    /** Hold no lock: this creates the bean. */
    private Declared build(Found tool) {
        ToolTarget target = new ToolTarget(beans, tool.beanName(), tool.method()).checked();
        ToolMethod method = ToolMethod.described(tool.name(), tool.method(), target);
        boolean described = AnnotatedElementUtils.hasAnnotation(tool.method(), McpTool.class);
        Declared declared = new Declared(method, described ? method.tool() : resolved(method.tool()), settings(tool));
        synchronized (built) {
            built.put(tool.name(), declared);
        }
        return declared;
    }

    /** Finds the {@code @Tool} method behind a tool of Spring AI's. */
    Optional<ToolMethod> methodBehind(Tool tool) {
        Found method = found().get(tool.name());
        return method == null || method.ours() || !method.isOfToolCallbacks()
                ? Optional.empty()
                : Optional.of(ToolMethod.ofSpringAi(
                        tool, method.method(), new ToolTarget(beans, method.beanName(), method.method())));
    }

    boolean isBuiltByUs(String toolName) {
        Found tool = found().get(toolName);
        return tool != null && tool.ours();
    }

    private boolean isAsynchronous(String toolName) {
        return settingsOf(toolName).isPresent();
    }

    /** Returns how a tool runs, or empty if it is not asynchronous. */
    public Optional<AsyncToolSettings> settingsOf(String toolName) {
        Found tool = found().get(toolName);
        AsyncToolSettings.Override override = overrides.get(toolName);
        if (override != null && Boolean.FALSE.equals(override.enabled())) {
            return Optional.empty();
        }
        AsyncToolSettings own = tool == null ? added.get(toolName) : tool.settings();
        if (own == null) {
            return Optional.ofNullable(override).map(AsyncToolSettings.DEFAULTS::with);
        }
        return Optional.of(override == null ? own : own.with(override));
    }

    /** Notes a tool that the application makes asynchronous at run time; returns its settings with the overrides applied. */
    AsyncToolSettings add(String toolName, AsyncToolSettings settings) {
        Found tool = found().get(toolName);
        if (tool != null) {
            throw new InvalidToolException(
                    "The application has an asynchronous tool named " + toolName + " already: " + tool.method() + ".",
                    "Give one of them another name.");
        }
        added.put(toolName, settings);
        seen.add(toolName);
        AsyncToolSettings.Override override = overrides.get(toolName);
        return override == null ? settings : settings.with(override);
    }

    private AsyncToolSettings settings(Found tool) {
        AsyncToolSettings.Override override = overrides.get(tool.name());
        return override == null ? tool.settings() : tool.settings().with(override);
    }

    /** Returns how each asynchronous tool runs, by its name, without the generated tools. */
    public SortedMap<String, AsyncToolSettings> asynchronousTools() {
        Set<String> names = new TreeSet<>(seen);
        synchronized (built) {
            names.addAll(built.keySet());
        }
        SortedMap<String, AsyncToolSettings> tools = new TreeMap<>();
        names.forEach(name -> settingsOf(name).ifPresent(settings -> tools.put(name, settings)));
        return tools;
    }

    /** Notes that the application has a tool of this name. */
    void seen(String toolName) {
        seen.add(toolName);
        requireOthersDiffer();
    }

    /** An {@code @McpTool} method of ours may be among Spring AI's tools too: {@link OtherTools} takes it out there. */
    private void requireOthersDiffer() {
        found().forEach((name, tool) -> {
            if (seen.contains(name) && tool.ours() && !tool.method().isAnnotationPresent(McpTool.class)) {
                throw new InvalidToolException(
                        "@AsyncTool method " + tool.method() + " has the same tool name " + name
                                + " as another tool of the application.",
                        "Give one of them another name.");
            }
        });
    }

    /** Refuses names of generated tools, before the SDK sees two tools of one name. */
    void requireNotGenerated(Set<String> generated) {
        found().keySet().stream().filter(generated::contains).findFirst().ifPresent(name -> {
            throw isGenerated(name);
        });
    }

    static InvalidToolException isGenerated(String name) {
        return new InvalidToolException(
                "The application has a tool named " + name + ", which is the name of a generated tool.",
                "Rename the tool, or set async.mcp.continue-tool.name, async.mcp.cancel-tool.name or"
                        + " async.mcp.list-tool.name.");
    }

    void validate() {
        requireOthersDiffer();
        found().forEach((name, tool) -> {
            AsyncToolSettings.Override override = overrides.get(name);
            if (tool.ours() && override != null && Boolean.FALSE.equals(override.enabled())) {
                throw new InvalidToolException(
                        "async.mcp.tools." + name + ".enabled must not be false: " + tool.method()
                                + " is a tool through"
                                + " @AsyncTool or an OperationContext alone, so that nothing plain would be left of it.",
                        "Put @McpTool beside, without an OperationContext, or remove the setting.");
            }
        });
        overrides.requireTools(known());
        requireAllAreTools();
    }

    private void requireAllAreTools() {
        List<String> missing = found().values().stream()
                .filter(tool -> tool.isOfToolCallbacks() && !seen.contains(tool.name()) && isAsynchronous(tool.name()))
                .map(tool -> "\n  " + tool.method())
                .toList();
        if (!missing.isEmpty()) {
            throw new InvalidToolException(
                    "These methods with @AsyncTool beside @Tool did not become tools, because no ToolCallbackProvider or"
                            + " ToolCallback bean has them:" + String.join("", missing) + "\n",
                    "Add the beans to a MethodToolCallbackProvider, or leave out @Tool: @AsyncTool alone makes a tool.");
        }
    }

    private Set<String> known() {
        Set<String> names = new TreeSet<>(seen);
        names.addAll(found().keySet());
        return names;
    }

    private Map<String, Found> found() {
        synchronized (this) {
            return annotated.find();
        }
    }
}
