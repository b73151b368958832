package io.asyncmcp.server.tool;

import io.asyncmcp.server.AsyncToolSettings;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.HierarchicalBeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Finds asynchronous tools among the methods of all beans: by declared types, then by the beans made. Not thread-safe. */
final class AnnotatedTools {

    private static final String SCOPED_TARGET = "scopedTarget.";

    private final ListableBeanFactory beans;

    private final ToolBeans made;

    private final AnnotatedMethods methods;

    private final Map<String, Found> found = new LinkedHashMap<>();

    /** The copy of {@link #found} that was returned last. */
    private Map<String, Found> known = Map.of();

    private boolean declaredTypesSeen;

    private int madeSeen;

    AnnotatedTools(ListableBeanFactory beans, ToolBeans made, AnnotatedMethods methods) {
        this.beans = beans;
        this.made = made;
        this.methods = methods;
    }

    /** Returns all methods found so far, by tool name. */
    Map<String, Found> find() {
        if (!declaredTypesSeen) {
            declaredTypesSeen = true;
            Set<String> seen = new HashSet<>();
            for (ListableBeanFactory factory : factories()) {
                for (String name : names(factory)) {
                    if (seen.add(name)) {
                        add(name, targetType(factory, name));
                    }
                }
            }
        }
        List<ToolBeans.Made> later = made.after(madeSeen);
        madeSeen += later.size();
        later.forEach(bean -> add(bean.name(), bean.type()));
        if (known.size() < found.size()) {
            known = Collections.unmodifiableMap(new LinkedHashMap<>(found));
        }
        return known;
    }

    /** Beans of the ancestors are ours too. */
    private Set<ListableBeanFactory> factories() {
        Set<ListableBeanFactory> factories = new LinkedHashSet<>();
        BeanFactory next = beans;
        while (next instanceof ListableBeanFactory factory) {
            factories.add(factory);
            next = factory instanceof HierarchicalBeanFactory child ? child.getParentBeanFactory() : null;
        }
        return factories;
    }

    private static Set<String> names(ListableBeanFactory factory) {
        Set<String> names = new LinkedHashSet<>(List.of(factory.getBeanDefinitionNames()));
        if (factory instanceof ConfigurableListableBeanFactory configurable) {
            names.addAll(List.of(configurable.getSingletonNames()));
        }
        for (String name : List.copyOf(names)) {
            if (factory.containsBean(BeanFactory.FACTORY_BEAN_PREFIX + name)) {
                names.add(BeanFactory.FACTORY_BEAN_PREFIX + name);
            }
        }
        return names;
    }

    /** Returns the class behind a proxy made of interfaces, whose own type has no annotations. */
    private static @Nullable Class<?> targetType(ListableBeanFactory factory, String beanName) {
        if (factory instanceof ConfigurableListableBeanFactory configurable
                && configurable.containsBeanDefinition(beanName)) {
            Object target = configurable
                    .getMergedBeanDefinition(beanName)
                    .getAttribute(AutoProxyUtils.ORIGINAL_TARGET_CLASS_ATTRIBUTE);
            if (target instanceof Class<?> type) {
                return type;
            }
        }
        try {
            String scoped = SCOPED_TARGET + beanName;
            return factory.getType(factory.containsBean(scoped) ? scoped : beanName, false);
        } catch (NoSuchBeanDefinitionException e) {
            // An alias or a scoped target whose definition went away; there is no bean to call.
            return null;
        }
    }

    private void add(String name, @Nullable Class<?> type) {
        if (type == null) {
            return;
        }
        String beanName = name.startsWith(SCOPED_TARGET) ? name.substring(SCOPED_TARGET.length()) : name;
        for (Method method : made.methodsOf(type)) {
            methods.read(beanName, method).ifPresent(this::add);
        }
    }

    private void add(Found next) {
        Found previous = found.putIfAbsent(next.name(), next);
        if (previous != null && !previous.isSameAs(next)) {
            throw new InvalidToolException(
                    "@AsyncTool methods " + previous.method() + " and " + next.method() + " have the same tool name "
                            + next.name() + ".",
                    "Give one of them another name.");
        }
    }

    /** A tool method; {@code ours} tells whether it becomes a tool here and not through Spring AI. */
    record Found(String name, String beanName, Method method, AsyncToolSettings settings, boolean ours) {

        /** Whether it is a {@code @Tool} method, which a {@code ToolCallbackProvider} makes a tool. */
        boolean isOfToolCallbacks() {
            return AnnotatedElementUtils.hasAnnotation(method, Tool.class);
        }

        /** A bean's declared type and its actual type may both show the method. */
        boolean isSameAs(Found other) {
            return beanName.equals(other.beanName)
                    && method.getName().equals(other.method.getName())
                    && Arrays.equals(method.getParameterTypes(), other.method.getParameterTypes());
        }
    }
}
