package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.CancelOn;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.ClassUtils;

/** Looks for the methods among all beans that are asynchronous tools by their annotations, or want to be. */
final class AnnotatedTools {

    private final ListableBeanFactory beans;

    private final Map<String, AsyncToolSettings.Override> overrides;

    AnnotatedTools(ListableBeanFactory beans, Map<String, AsyncToolSettings.Override> overrides) {
        this.beans = beans;
        this.overrides = overrides;
    }

    /**
     * A method and how it is to be run.
     *
     * @param ours whether it is made a tool here and not by Spring AI
     */
    record Found(String beanName, Method method, AsyncToolSettings settings, boolean ours) {}

    /** Returns the methods by the names of their tools, in the order of the beans. */
    Map<String, Found> find() {
        Map<String, Found> tools = new LinkedHashMap<>();
        for (String beanName : beans.getBeanDefinitionNames()) {
            methodsOf(beanName).forEach(method -> add(tools, beanName, method));
        }
        return tools;
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
        return List.copyOf(MethodIntrospector.selectMethods(userType, AnnotatedTools::concernsUs));
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
                    annotation.maxActive(),
                    annotation.taskSupport(),
                    duration("task-ttl", annotation.taskTtl()),
                    duration("poll-interval", annotation.pollInterval()),
                    cancelOn(annotation.cancelOn()));
        } catch (IllegalArgumentException e) {
            // The message says it all, and it is the last cause that people look at.
            throw new IllegalStateException("@AsyncTool on " + method + ": " + e.getMessage());
        }
    }

    private static @Nullable CancelOn cancelOn(CancelOn... values) {
        if (values.length > 1) {
            throw new IllegalArgumentException("cancel-on must be one value, but was " + List.of(values));
        }
        return values.length == 0 ? null : values[0];
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
