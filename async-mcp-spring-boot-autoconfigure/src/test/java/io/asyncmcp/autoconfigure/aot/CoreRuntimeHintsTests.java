package io.asyncmcp.autoconfigure.aot;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.engine.OperationThreads;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;

class CoreRuntimeHintsTests {

    private final RuntimeHints hints = new RuntimeHints();

    CoreRuntimeHintsTests() {
        new CoreRuntimeHints().registerHints(hints, getClass().getClassLoader());
    }

    @Test
    void isFoundByTheFramework() {
        assertThat(AotServices.factories().load(RuntimeHintsRegistrar.class))
                .hasAtLeastOneElementOfType(CoreRuntimeHints.class);
    }

    /** Looks at the very cache, so that another choice of features there shows here. */
    @Test
    void cacheClassesOfUnansweredCallsCanBeMade() throws Exception {
        Object cache = fieldOf(newUnansweredCalls(), "runs");
        Object bounded = fieldOf(cache, "cache");
        Object nodes = fieldOf(bounded, "nodeFactory");

        assertThat(cache).isInstanceOf(Cache.class);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onConstructorInvocation(bounded.getClass()
                                .getDeclaredConstructor(
                                        Caffeine.class,
                                        Class.forName("com.github.benmanes.caffeine.cache.AsyncCacheLoader"),
                                        boolean.class)))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(bounded.getClass(), "FACTORY"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onConstructorInvocation(nodes.getClass().getDeclaredConstructor()))
                .accepts(hints);
    }

    @Test
    void virtualThreadsCanBeMadeWhateverTheBuildRunsOn() {
        assertThat(hints.reflection()
                        .getTypeHint(TypeReference.of(Thread.class))
                        .methods())
                .extracting(method -> method.getName())
                .contains("ofVirtual", "isVirtual");
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(TypeReference.of("java.lang.Thread$Builder$OfVirtual"))
                        .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS))
                .accepts(hints);
        assertThat(hints.reflection()
                        .getTypeHint(TypeReference.of(Executors.class))
                        .methods())
                .anyMatch(method -> method.getName().equals("newThreadPerTaskExecutor"));
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void everythingCalledToMakeVirtualThreadsIsHinted() throws Exception {
        assertThat(OperationThreads.virtualThreadsAvailable()).isTrue();
        Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
        for (Method called : List.of(
                Thread.class.getMethod("ofVirtual"),
                Thread.class.getMethod("isVirtual"),
                builder.getMethod("name", String.class),
                Executors.class.getMethod("newThreadPerTaskExecutor", ThreadFactory.class))) {
            assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(called))
                    .accepts(hints);
        }
    }

    private static Object newUnansweredCalls() throws Exception {
        Constructor<?> constructor = Class.forName("io.asyncmcp.server.tool.UnansweredCalls")
                .getDeclaredConstructor(AsyncExecutor.class, Clock.class, Duration.class);
        constructor.setAccessible(true);
        try (AsyncExecutor executor = AsyncExecutor.builder().build()) {
            return constructor.newInstance(executor, Clock.systemUTC(), Duration.ofMinutes(1));
        }
    }

    private static Object fieldOf(Object owner, String name) throws Exception {
        for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(owner);
                }
            }
        }
        throw new IllegalStateException(owner.getClass() + " has no field " + name);
    }
}
