package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncTool;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the methods of a class that are asynchronous, may be made so, or want what only such methods can have. Nearly no bean has
 * any, so that the annotations its types declare are checked before its methods are searched with all they override. Thread-safe.
 */
final class ToolMethods {

    private static final List<Class<? extends Annotation>> OURS = List.of(AsyncTool.class, McpTool.class, Tool.class);

    private static final Comparator<Method> BY_SIGNATURE =
            Comparator.comparing(Method::getName).thenComparing(method -> Arrays.toString(method.getParameterTypes()));

    /** Whether an annotation is one of ours, or has one. */
    private final Map<Class<?>, Boolean> annotations = new ConcurrentHashMap<>();

    /** Whether a class or an interface declares a method with one of them. */
    private final Map<Class<?>, Boolean> declaring = new ConcurrentHashMap<>();

    /** Sorts them, because reflection has no fixed order. */
    List<Method> of(Class<?> type) {
        Class<?> userType = ClassUtils.getUserClass(type);
        if (!hasAny(userType)) {
            return List.of();
        }
        return MethodIntrospector.selectMethods(userType, ToolMethods::concernsUs).stream()
                .sorted(BY_SIGNATURE)
                .toList();
    }

    private static boolean concernsUs(Method method) {
        return AnnotatedElementUtils.hasAnnotation(method, AsyncTool.class)
                || method.isAnnotationPresent(McpTool.class)
                || AnnotatedElementUtils.hasAnnotation(method, Tool.class);
    }

    private boolean hasAny(@Nullable Class<?> type) {
        if (type == null || type.getName().startsWith("java.")) {
            return false;
        }
        if (declaring.computeIfAbsent(type, this::declares) || hasAny(type.getSuperclass())) {
            return true;
        }
        for (Class<?> inherited : type.getInterfaces()) {
            if (hasAny(inherited)) {
                return true;
            }
        }
        return false;
    }

    private boolean declares(Class<?> type) {
        // Spring's cache of methods has those of most beans already.
        boolean[] found = new boolean[1];
        ReflectionUtils.doWithLocalMethods(type, method -> {
            for (Annotation annotation : method.getDeclaredAnnotations()) {
                found[0] |= annotations.computeIfAbsent(annotation.annotationType(), ToolMethods::isOurs);
            }
        });
        return found[0];
    }

    private static boolean isOurs(Class<?> annotation) {
        return OURS.stream()
                .anyMatch(ours -> ours == annotation || AnnotatedElementUtils.hasAnnotation(annotation, ours));
    }
}
