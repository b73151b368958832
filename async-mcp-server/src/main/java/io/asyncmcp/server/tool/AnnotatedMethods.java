package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.CancelOn;
import io.asyncmcp.server.tool.AnnotatedTools.Found;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.ReflectionUtils;

/** Reads and checks the annotations of one method. */
final class AnnotatedMethods {

    private static final Set<String> WEB_SCOPES = Set.of("request", "session");

    private static final Object NO_HINTS =
            Objects.requireNonNull(Objects.requireNonNull(ReflectionUtils.findMethod(AsyncTool.class, "annotations"))
                    .getDefaultValue());

    private final ListableBeanFactory beans;

    private final ToolOverrides overrides;

    private final UnaryOperator<String> texts;

    /** {@code texts} resolves placeholders such as {@code ${...}}. */
    AnnotatedMethods(ListableBeanFactory beans, ToolOverrides overrides, UnaryOperator<String> texts) {
        this.beans = beans;
        this.overrides = overrides;
        this.texts = texts;
    }

    /** Returns empty for a plain tool. */
    Optional<Found> read(String beanName, Method method) {
        AsyncTool annotation = AnnotatedElementUtils.findMergedAnnotation(method, AsyncTool.class);
        McpTool mcpTool = AnnotatedElementUtils.findMergedAnnotation(method, McpTool.class);
        Tool tool = AnnotatedElementUtils.findMergedAnnotation(method, Tool.class);
        boolean takesContext = ToolMethod.takesOperationContext(method);
        if (tool != null && takesContext) {
            throw new InvalidToolException(
                    "@Tool method " + method + " must not take an OperationContext, which Spring AI would show to the"
                            + " model as an argument.",
                    "Use @AsyncTool without @Tool.");
        }
        String name = name(method, annotation, mcpTool, tool);
        if (annotation != null && (mcpTool != null || tool != null)) {
            requireNothingIgnored(method, annotation, name, mcpTool != null ? "@McpTool" : "@Tool");
        }
        if (annotation == null && !isMadeAsynchronous(name)) {
            if (!takesContext) {
                return Optional.empty();
            }
            throw new InvalidToolException(
                    "@McpTool method " + method + " must not take an OperationContext without being asynchronous:"
                            + " Spring AI would show it to the model as an argument.",
                    "Put @AsyncTool beside @McpTool, or set async.mcp.tools." + name + ".enabled=true.");
        }
        requireScopeOutsideRequests(beanName, method);
        AsyncToolSettings settings = annotation == null ? AsyncToolSettings.DEFAULTS : settings(method, annotation);
        // Spring AI looks at the method of the class alone, and not at what it overrides or implements.
        boolean plainToo = tool != null || method.isAnnotationPresent(McpTool.class) && !takesContext;
        boolean describedBySpringAi = tool != null && mcpTool == null;
        boolean ours = !describedBySpringAi && !(plainToo && isKeptPlain(name));
        return Optional.of(new Found(name, beanName, method, settings, ours));
    }

    private boolean isMadeAsynchronous(String name) {
        AsyncToolSettings.Override override = overrides.get(name);
        return override != null && !Boolean.FALSE.equals(override.enabled());
    }

    private boolean isKeptPlain(String name) {
        AsyncToolSettings.Override override = overrides.get(name);
        return override != null && Boolean.FALSE.equals(override.enabled());
    }

    private String name(Method method, @Nullable AsyncTool annotation, @Nullable McpTool mcpTool, @Nullable Tool tool) {
        String given = "";
        if (mcpTool != null) {
            given = mcpTool.name();
        } else if (tool != null) {
            given = tool.name();
        } else if (annotation != null) {
            given = texts.apply(annotation.name());
        }
        return given.isBlank() ? method.getName() : given;
    }

    /** The annotation beside describes the tool, so that attributes set here would be ignored. */
    private void requireNothingIgnored(Method method, AsyncTool annotation, String name, String beside) {
        List<String> ignored = new ArrayList<>();
        if (!annotation.name().isBlank() && !texts.apply(annotation.name()).equals(name)) {
            ignored.add("name");
        }
        if (!annotation.title().isBlank()) {
            ignored.add("title");
        }
        if (!annotation.description().isBlank()) {
            ignored.add("description");
        }
        if (annotation.generateOutputSchema()) {
            ignored.add("generateOutputSchema");
        }
        if (!NO_HINTS.equals(annotation.annotations())) {
            ignored.add("annotations");
        }
        if (!ignored.isEmpty()) {
            throw new InvalidToolException(
                    "@AsyncTool on " + method + " sets " + ignored + ", but beside " + beside
                            + " that describes the tool, and its name is " + name + ".",
                    "Set " + ignored + " in " + beside + ", or leave out " + beside + ".");
        }
    }

    /** A tool runs off the request's thread, where these scopes do not exist. */
    private void requireScopeOutsideRequests(String beanName, Method method) {
        String target = "scopedTarget." + beanName;
        if (beans instanceof ConfigurableListableBeanFactory factory) {
            String defined = factory.containsBeanDefinition(target) ? target : beanName;
            BeanDefinition definition =
                    factory.containsBeanDefinition(defined) ? factory.getMergedBeanDefinition(defined) : null;
            String scope = definition == null ? null : definition.getScope();
            if (scope != null && WEB_SCOPES.contains(scope)) {
                throw new InvalidToolException(
                        "@AsyncTool method " + method + " must not be on bean '" + beanName + "' of scope " + scope
                                + ": an operation runs away from the request's thread and may outlive it.",
                        "Make the bean a singleton or a prototype, and hand over what it needs as arguments.");
            }
        }
    }

    private AsyncToolSettings settings(Method method, AsyncTool annotation) {
        try {
            return new AsyncToolSettings(
                    duration("timeout", annotation.timeout()),
                    duration("max-lifetime", annotation.maxLifetime()),
                    annotation.singleFlight(),
                    annotation.maxActive(),
                    annotation.taskSupport(),
                    duration("task-ttl", annotation.taskTtl()),
                    duration("poll-interval", annotation.pollInterval()),
                    cancelOn(annotation.cancelOn()),
                    annotation.interruptOnCancel() ? null : Boolean.FALSE);
        } catch (IllegalArgumentException e) {
            // The message says it all, and it is the last cause that people look at.
            throw new InvalidToolException(
                    "@AsyncTool on " + method + ": " + e.getMessage() + ".", "Correct the annotation.");
        }
    }

    private static @Nullable CancelOn cancelOn(CancelOn... values) {
        if (values.length > 1) {
            throw new IllegalArgumentException("cancel-on must be one value, but was " + List.of(values));
        }
        return values.length == 0 ? null : values[0];
    }

    private @Nullable Duration duration(String attribute, String given) {
        String text = texts.apply(given);
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
