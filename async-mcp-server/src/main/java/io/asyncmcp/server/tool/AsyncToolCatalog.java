package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.AsyncToolSettings;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.ClassUtils;

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

    private record Found(String beanName, Method method, AsyncToolSettings settings, boolean ours) {}

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

    Optional<AsyncToolSettings> settingsOf(String toolName) {
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

    // ---- looking for methods ---------------------------------------------------------------------------------------

    private Map<String, Found> found() {
        synchronized (this) {
            if (found == null) {
                Map<String, Found> tools = new LinkedHashMap<>();
                for (String beanName : beans.getBeanDefinitionNames()) {
                    methodsOf(beanName).forEach(method -> add(tools, beanName, method));
                }
                found = tools;
            }
            return found;
        }
    }

    private List<Method> methodsOf(String beanName) {
        Class<?> type;
        try {
            type = targetType(beanName);
        } catch (NoSuchBeanDefinitionException e) {
            // An alias or a scoped target whose definition went away; there is no bean to call.
            return List.of();
        }
        if (type == null || beanName.startsWith("scopedTarget.")) {
            return List.of();
        }
        Class<?> userType = ClassUtils.getUserClass(type);
        if (!AnnotationUtils.isCandidateClass(userType, List.of(AsyncTool.class, McpTool.class, Tool.class))) {
            return List.of();
        }
        return List.copyOf(MethodIntrospector.selectMethods(userType, AsyncToolCatalog::concernsUs));
    }

    /** Methods that are asynchronous, and others that want what only asynchronous ones can have. */
    private static boolean concernsUs(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, AsyncTool.class)
                || ToolMethod.takesOperationContext(method)
                        && (method.isAnnotationPresent(McpTool.class)
                                || AnnotatedElementUtils.hasAnnotation(method, Tool.class));
    }

    /** What is behind a proxy made of interfaces, whose own type has no annotations. */
    private @Nullable Class<?> targetType(String beanName) {
        if (beans instanceof ConfigurableListableBeanFactory factory && factory.containsBeanDefinition(beanName)) {
            Object target = factory.getMergedBeanDefinition(beanName)
                    .getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE);
            if (target instanceof Class<?> type) {
                return type;
            }
        }
        return beans.getType(beanName, false);
    }

    private void add(Map<String, Found> tools, String beanName, Method method) {
        AsyncTool annotation = AnnotatedElementUtils.findMergedAnnotation(method, AsyncTool.class);
        McpTool mcpTool = method.getAnnotation(McpTool.class);
        Tool tool = AnnotatedElementUtils.findMergedAnnotation(method, Tool.class);
        boolean takesContext = ToolMethod.takesOperationContext(method);
        if (tool != null && takesContext) {
            throw new IllegalStateException(
                    "@Tool method " + method + " must not take an OperationContext, which Spring"
                            + " AI would show to the model as an argument. Use @AsyncTool without @Tool.");
        }
        String name = name(method, annotation, mcpTool, tool);
        if (annotation == null && !isMadeAsynchronous(name)) {
            throw new IllegalStateException("@McpTool method " + method
                    + " must not take an OperationContext without being asynchronous: Spring"
                    + " AI would show it to the model as an argument. Put @AsyncTool beside @McpTool, or set"
                    + " async.mcp.tools." + name + ".enabled=true.");
        }
        AsyncToolSettings settings = annotation == null ? AsyncToolSettings.DEFAULTS : settings(method, annotation);
        boolean ours = tool == null && (mcpTool == null || takesContext);
        Found previous = tools.put(name, new Found(beanName, method, settings, ours));
        if (previous != null) {
            throw new IllegalStateException("@AsyncTool methods " + previous.method() + " and " + method
                    + " have the same tool name " + name + ". Give one of them another name.");
        }
    }

    private boolean isMadeAsynchronous(String name) {
        AsyncToolSettings.Override override = overrides.get(name);
        return override != null && !Boolean.FALSE.equals(override.enabled());
    }

    private static String name(
            Method method, @Nullable AsyncTool annotation, @Nullable McpTool mcpTool, @Nullable Tool tool) {
        String given = "";
        if (mcpTool != null) {
            given = mcpTool.name();
        } else if (tool != null) {
            given = tool.name();
        } else if (annotation != null) {
            given = annotation.name();
        }
        return given.isBlank() ? method.getName() : given;
    }

    private static AsyncToolSettings settings(Method method, AsyncTool annotation) {
        try {
            return new AsyncToolSettings(
                    duration("timeout", annotation.timeout()),
                    duration("max-lifetime", annotation.maxLifetime()),
                    annotation.singleFlight(),
                    annotation.maxActive());
        } catch (IllegalArgumentException e) {
            // The message says it all, and it is the last cause that people look at.
            throw new IllegalStateException("@AsyncTool on " + method + ": " + e.getMessage());
        }
    }

    private static @Nullable Duration duration(String attribute, String text) {
        if (text.isBlank()) {
            return null;
        }
        try {
            return DurationFormatterUtils.detectAndParse(text, DurationFormat.Unit.SECONDS);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    attribute + " must be a duration such as 5s or PT5S, but was " + text, e);
        }
    }
}
