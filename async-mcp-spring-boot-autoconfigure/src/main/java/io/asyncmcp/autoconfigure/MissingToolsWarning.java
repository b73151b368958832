package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.AsyncTool;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Warns about tools that are none, because {@code async.mcp.enabled} is {@code false}. */
final class MissingToolsWarning implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(MissingToolsWarning.class);

    private final ListableBeanFactory beans;

    MissingToolsWarning(ListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Collection<String> missing = new TreeSet<>();
        for (String beanName : beans.getBeanDefinitionNames()) {
            toolsOf(beanName).forEach(missing::add);
        }
        if (!missing.isEmpty()) {
            logger.warn(
                    "async.mcp.enabled is false, so that these methods with @AsyncTool alone are no tools: {}. Put @McpTool"
                            + " beside to keep them, or remove the setting.",
                    missing);
        }
    }

    private Stream<String> toolsOf(String beanName) {
        Class<?> type = beans.getType(beanName, false);
        if (type == null || !AnnotationUtils.isCandidateClass(ClassUtils.getUserClass(type), AsyncTool.class)) {
            return Stream.empty();
        }
        Map<Method, AsyncTool> methods = MethodIntrospector.selectMethods(
                ClassUtils.getUserClass(type), (MethodIntrospector.MetadataLookup<AsyncTool>)
                        method -> AnnotatedElementUtils.findMergedAnnotation(method, AsyncTool.class));
        return methods.entrySet().stream()
                .filter(entry -> isAlone(entry.getKey()))
                .map(entry -> entry.getValue().name().isBlank()
                        ? entry.getKey().getName()
                        : entry.getValue().name());
    }

    private static boolean isAlone(Method method) {
        return List.of(McpTool.class, Tool.class).stream()
                .noneMatch(other -> AnnotatedElementUtils.isAnnotated(method, other));
    }
}
