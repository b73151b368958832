package io.asyncmcp.server.tool;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.CoroutinesUtils;
import org.springframework.core.KotlinDetector;
import org.springframework.util.ClassUtils;

/** The bean that a tool's method is called on: always the same if it is a singleton, else one for each call. Thread-safe. */
final class ToolTarget {

    private final BeanFactory beans;

    private final String beanName;

    private final Method declared;

    private final boolean singleton;

    /** Set for a singleton, once it has been asked for. */
    private volatile @Nullable Callable known;

    ToolTarget(BeanFactory beans, String beanName, Method declared) {
        this.beans = beans;
        this.beanName = beanName;
        this.declared = declared;
        this.singleton = beans.isSingleton(beanName);
    }

    private record Callable(Object bean, Method method) {}

    /** Makes a singleton to check that its proxy has the method, unless it is being made. */
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

    /** Returns the class that binds the type variables of the method. */
    Class<?> type() {
        Class<?> type = beans.getType(beanName, false);
        Class<?> userType = type == null ? null : ClassUtils.getUserClass(type);
        return userType != null && declared.getDeclaringClass().isAssignableFrom(userType)
                ? userType
                : declared.getDeclaringClass();
    }

    /** Calls the method; a suspending function of Kotlin returns a {@code Publisher}. */
    @SuppressWarnings("NullAway") // Spring does not say that an argument of a suspending function may be null.
    @Nullable
    Object invoke(@Nullable Object[] arguments) throws Exception {
        Callable callable = callable();
        Method method = callable.method();
        if (KotlinDetector.isSuspendingFunction(method)) {
            return CoroutinesUtils.invokeSuspendingFunction(method, callable.bean(), arguments);
        }
        boolean defaults = Arrays.asList(arguments).contains(null)
                && KotlinDetector.isKotlinReflectPresent()
                && KotlinDetector.isKotlinType(method.getDeclaringClass());
        return defaults
                ? KotlinFunctions.call(method, callable.bean(), arguments)
                : method.invoke(callable.bean(), arguments);
    }
}
