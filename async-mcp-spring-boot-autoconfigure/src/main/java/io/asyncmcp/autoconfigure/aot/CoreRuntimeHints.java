package io.asyncmcp.autoconfigure.aot;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** Hints for what core and its libraries find by name. */
final class CoreRuntimeHints implements RuntimeHintsRegistrar {

    private static final String CAFFEINE = Caffeine.class.getPackageName() + ".";

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        registerVirtualThreads(hints.reflection());
        registerCache(hints.reflection());
    }

    /** Looked up by name because the classes are compiled for JDK 17; so they are named here, too. */
    private static void registerVirtualThreads(ReflectionHints hints) {
        hints.registerType(
                Thread.class,
                type -> type.withMethod("ofVirtual", List.of(), ExecutableMode.INVOKE)
                        .withMethod("isVirtual", List.of(), ExecutableMode.INVOKE));
        hints.registerType(
                TypeReference.of("java.lang.Thread$Builder$OfVirtual"), MemberCategory.INVOKE_PUBLIC_METHODS);
        hints.registerType(
                Executors.class,
                type -> type.withMethod(
                        "newThreadPerTaskExecutor", TypeReference.listOf(ThreadFactory.class), ExecutableMode.INVOKE));
    }

    /**
     * Caffeine spells the names of its generated classes from a cache's features and ships no hints. The calls that nobody
     * was answered have strong keys and values, a largest size and an expiry after writes: SSMSW is that cache, PSWMS its
     * entries.
     */
    private static void registerCache(ReflectionHints hints) {
        hints.registerType(
                TypeReference.of(CAFFEINE + "SSMSW"),
                type -> type.withField("FACTORY")
                        .withConstructor(
                                List.of(
                                        TypeReference.of(Caffeine.class),
                                        TypeReference.of(CAFFEINE + "AsyncCacheLoader"),
                                        TypeReference.of(boolean.class)),
                                ExecutableMode.INVOKE));
        hints.registerType(
                TypeReference.of(CAFFEINE + "PSWMS"), type -> type.withConstructor(List.of(), ExecutableMode.INVOKE));
    }
}
