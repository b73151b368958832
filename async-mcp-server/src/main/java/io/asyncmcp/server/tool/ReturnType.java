package io.asyncmcp.server.tool;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.Nullness;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;

/**
 * What a method promises to return, without the types that say when ({@code Mono}, {@code CompletionStage}, Kotlin's
 * {@code suspend}) and whether ({@code Optional}); {@code value} is the type of each value if there may be {@code many}.
 */
record ReturnType(ResolvableType value, boolean many, boolean nothing, boolean optional) {

    private static final String UNIT = "kotlin.Unit";

    static ReturnType of(Method method, Class<?> beanType) {
        MethodParameter returned = new MethodParameter(method, -1).withContainingClass(beanType);
        ResolvableType type = ResolvableType.forMethodParameter(returned);
        boolean optional = Nullness.forMethodParameter(returned) == Nullness.NULLABLE;
        boolean many = false;
        boolean nothing = false;
        while (true) {
            Class<?> raw = type.resolve(Object.class);
            ReactiveAdapter adapter =
                    ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw);
            if (CompletionStage.class.isAssignableFrom(raw)) {
                type = type.as(CompletionStage.class).getGeneric();
            } else if (Future.class.isAssignableFrom(raw)) {
                type = type.as(Future.class).getGeneric();
            } else if (adapter != null) {
                type = type.as(adapter.getReactiveType()).getGeneric();
                many |= adapter.isMultiValue();
                nothing |= adapter.isNoValue();
            } else if (raw == Optional.class && !many) {
                type = type.getGeneric();
                optional = true;
            } else {
                nothing |=
                        raw == void.class || raw == Void.class || raw.getName().equals(UNIT);
                return new ReturnType(
                        ResolvableType.forType(resolved(type, beanType)), many, nothing, optional && !many);
            }
        }
    }

    /** A schema generator does not know the class that binds a type variable. */
    private static Type resolved(ResolvableType type, Class<?> beanType) {
        boolean variable = type.getType() instanceof WildcardType || type.getType() instanceof TypeVariable<?>;
        return type == ResolvableType.NONE || variable
                ? type.resolve(Object.class)
                : GenericTypeResolver.resolveType(type.getType(), beanType);
    }

    /** Returns the type of the value, or of the list of values. */
    Type whole() {
        return many ? ResolvableType.forClassWithGenerics(List.class, value).getType() : value.getType();
    }

    /** Returns the element type of a list or an array, or the type itself. */
    Class<?> element() {
        ResolvableType elements = value.isArray()
                ? value.getComponentType()
                : value.as(Iterable.class).getGeneric();
        @Nullable Class<?> element = elements.resolve();
        return element == null ? value.resolve(Object.class) : element;
    }
}
