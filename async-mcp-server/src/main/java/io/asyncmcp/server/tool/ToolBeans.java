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
 * Notes beans that turn out to have tools of ours when they are made: an interface, a superclass or a factory as declared type may
 * hide that. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ToolBeans implements BeanPostProcessor {

    /** In the order in which they were made. Guarded by this. */
    private final List<Made> made = new ArrayList<>();

    /** Each class is looked at once: beans of it may be made all the time. */
    private final Map<Class<?>, Boolean> classes = new ConcurrentHashMap<>();

    private final ToolMethods methods = new ToolMethods();

    private volatile @Nullable Runnable listener;

    /** A bean's name, with the prefix {@code &} for a factory itself, and the class behind all proxies. */
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

    /** Returns the beans made so far, without the first {@code count}. */
    synchronized List<Made> after(int count) {
        return List.copyOf(made.subList(count, made.size()));
    }

    /** Sets what runs for each bean that is found from now on, on the thread that makes it and before the bean can be had. */
    public void onMade(Runnable listener) {
        this.listener = listener;
    }
}
