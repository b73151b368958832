package io.asyncmcp.server.tool;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;

/**
 * The bean that a tool's method is called on: always the same if it is a singleton, else one for each call.
 *
 * <p>Thread-safe.
 */
final class ToolTarget {

    private final BeanFactory beans;

    private final String beanName;

    private final Method declared;

    private final boolean singleton;

    /** A singleton and how to call it, once it has been asked for. */
    private volatile @Nullable Callable known;

    ToolTarget(BeanFactory beans, String beanName, Method declared) {
        this.beans = beans;
        this.beanName = beanName;
        this.declared = declared;
        this.singleton = beans.isSingleton(beanName);
    }

    private record Callable(Object bean, Method method) {}

    /** Makes a singleton and looks whether its proxy has the method, if there is one; not while it is being made. */
    ToolTarget checked() {
        boolean inCreation =
                beans instanceof ConfigurableBeanFactory factory && factory.isCurrentlyInCreation(plainName());
        if (singleton && !inCreation) {
            callable();
        }
        return this;
    }

    private String plainName() {
        return beanName.startsWith(BeanFactory.FACTORY_BEAN_PREFIX) ? beanName.substring(1) : beanName;
    }

    private Callable callable() {
        Callable callable = known;
        if (callable == null) {
            Object bean = beans.getBean(beanName);
            callable = new Callable(bean, invocable(bean));
            if (singleton) {
                known = callable;
            }
        }
        return callable;
    }

    private Method invocable(Object bean) {
        try {
            Method method = AopUtils.selectInvocableMethod(declared, bean.getClass());
            method.setAccessible(true);
            return method;
        } catch (IllegalStateException e) {
            throw new InvalidToolException(
                    "@AsyncTool method " + declared + " cannot be called through the proxy of bean '" + beanName + "'.",
                    "Put the method into an interface of the bean, make it public if it is private, or use CGLIB"
                            + " proxies (proxyTargetClass=true).");
        }
    }

    @Nullable
    Object invoke(@Nullable Object[] arguments) throws IllegalAccessException, InvocationTargetException {
        Callable callable = callable();
        return callable.method().invoke(callable.bean(), arguments);
    }
}
