package io.asyncmcp.server;

import io.asyncmcp.OperationContext;
import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Publisher;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.SimpleReflectiveProcessor;
import org.springframework.core.ResolvableType;

/** Hints for native images: annotated methods are called, and their arguments and results are described, read and written. */
final class AsyncToolReflectiveProcessor extends SimpleReflectiveProcessor {

    private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

    @Override
    protected void registerMethodHint(ReflectionHints hints, Method method) {
        super.registerMethodHint(hints, method);
        for (int i = 0; i < method.getParameterCount(); i++) {
            registerBinding(hints, ResolvableType.forMethodParameter(method, i));
        }
        registerBinding(hints, result(ResolvableType.forMethodReturnType(method)));
    }

    /** What comes later is the result, and not the promise of it. */
    private static ResolvableType result(ResolvableType returned) {
        Class<?> type = returned.toClass();
        boolean later = Publisher.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type);
        return later ? returned.getGeneric(0) : returned;
    }

    private void registerBinding(ReflectionHints hints, ResolvableType type) {
        if (type != ResolvableType.NONE && !isOfTheProtocol(type.toClass())) {
            binding.registerReflectionHints(hints, type.getType());
        }
    }

    /** Contexts and exchanges are no arguments, and for the protocol's own records Spring AI has hints. */
    private static boolean isOfTheProtocol(Class<?> type) {
        return type == OperationContext.class
                || type.getName().startsWith("io.modelcontextprotocol.")
                || type.getName().startsWith("org.springframework.ai.mcp.");
    }
}
