package io.asyncmcp.server.tool;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import kotlin.reflect.KFunction;
import kotlin.reflect.KParameter;
import kotlin.reflect.jvm.ReflectJvmMapping;
import org.jspecify.annotations.Nullable;

/** Calls Kotlin functions in ways that Spring has no public API for. Use it only where Kotlin's reflection is present. */
final class KotlinFunctions {

    private KotlinFunctions() {}

    /** Calls a function with the default values of missing arguments. */
    static @Nullable Object call(Method method, Object target, @Nullable Object[] arguments) throws Exception {
        KFunction<?> function = ReflectJvmMapping.getKotlinFunction(method);
        if (function == null) {
            return method.invoke(target, arguments);
        }
        Map<KParameter, @Nullable Object> given = new LinkedHashMap<>();
        int index = 0;
        for (KParameter parameter : function.getParameters()) {
            if (parameter.getKind() == KParameter.Kind.INSTANCE) {
                given.put(parameter, target);
                continue;
            }
            Object argument = arguments[index++];
            if (argument != null || !parameter.isOptional()) {
                given.put(parameter, argument);
            }
        }
        return function.callBy(given);
    }
}
