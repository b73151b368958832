package io.asyncmcp.server.tool;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Notes beans that turn out to have tools of ours when they are made. A bean's declared type may hide that: an interface, a
 * superclass, a factory.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class ToolBeans implements BeanPostProcessor {

    /** In the order in which they were made. Guarded by this. */
    private final List<Made> made = new ArrayList<>();

    /** Looked at once: beans of one class may be made all the time. */
    private final Map<Class<?>, Boolean> classes = new ConcurrentHashMap<>();

    private final ToolMethods methods = new ToolMethods();

    private volatile @Nullable Runnable listener;

    /**
     * A bean that has tools.
     *
     * @param name the bean's name, with the prefix {@code &} for a factory itself
     * @param type the class behind all proxies
     */
    record Made(String name, Class<?> type) {}

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
        if (classes.computeIfAbsent(type, this::hasTools)) {
            String name = bean instanceof FactoryBean<?> ? BeanFactory.FACTORY_BEAN_PREFIX + beanName : beanName;
            Runnable told = listener;
            if (isNew(new Made(name, type)) && told != null) {
                told.run();
            }
        }
        return bean;
    }

    private boolean hasTools(Class<?> type) {
        return !methodsOf(type).isEmpty();
    }

    /** Returns the methods of a class that concern us. */
    List<Method> methodsOf(Class<?> type) {
        return methods.of(type);
    }

    private synchronized boolean isNew(Made bean) {
        for (Made other : made) {
            // Not the record's own comparison, which takes the JDK ten classes of its making at the start.
            if (other.type() == bean.type() && other.name().equals(bean.name())) {
                return false;
            }
        }
        return made.add(bean);
    }

    /** Returns the beans that have been made so far, but for the first so many. */
    synchronized List<Made> after(int count) {
        return List.copyOf(made.subList(count, made.size()));
    }

    /**
     * Sets who hears of beans that are made from now on.
     *
     * @param listener runs on the thread that makes the bean, before the bean can be had
     */
    public void onMade(Runnable listener) {
        this.listener = listener;
    }
}
