package io.asyncmcp.autoconfigure;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasParameterTypes;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.AsyncTool;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.regex.Pattern;
import java.util.stream.BaseStream;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

/** What holds in every module. It is here because this is the last one, which sees them all. */
class EveryModuleTests {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.asyncmcp");

    private static final ArchRule TIME = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethodWhere(calls(Thread.class, "sleep"))
            .because("time is a constructor parameter, so that a test can move it");

    private static final ArchRule THREADS = noClasses()
            .that()
            .doNotBelongToAnyOf(OperationThreads.class)
            .should()
            .callConstructorWhere(target(owner(assignableTo(Thread.class))))
            .orShould()
            .callConstructorWhere(target(owner(assignableTo(Timer.class))))
            .orShould()
            .callCodeUnitWhere(calls(Executors.class, ".*"))
            .orShould()
            .callCodeUnitWhere(calls(Schedulers.class, ".*"))
            .because("OperationThreads is the one place that makes threads; they are handed in everywhere else");

    private static final ArchRule COMMON_POOL = noClasses()
            .should()
            .callMethodWhere(calls(CompletionStage.class, ".*Async").and(withoutAnExecutor()))
            .orShould()
            .callMethodWhere(calls(CompletableFuture.class, "orTimeout|completeOnTimeout|delayedExecutor"))
            .orShould()
            .callMethodWhere(calls(ForkJoinPool.class, "commonPool"))
            .orShould()
            .callMethodWhere(calls(Collection.class, "parallelStream"))
            .orShould()
            .callMethodWhere(calls(BaseStream.class, "parallel"))
            .because("a parked operation would starve everybody else who uses the common pool");

    /** Three read settings, and the one that reads a tool's messages has a pattern that never goes back. */
    private static final String KNOWN_PATTERNS =
            ".*\\.(AsyncMcpProperties\\$.*|ToolSettingsReader|ToolOverrides|ThrownTexts)";

    private static final ArchRule PATTERNS = noClasses()
            .that()
            .haveNameNotMatching(KNOWN_PATTERNS)
            .should()
            .callMethodWhere(calls(Pattern.class, "compile|matches"))
            .orShould()
            .callMethodWhere(calls(String.class, "matches|replaceAll|replaceFirst"))
            .because("what a client sends is read from one end to the other, and not by a pattern that tries again");

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> type, String method) {
        return target(owner(assignableTo(type)))
                .and(target(nameMatching(method)))
                .as("calls %s.%s", type.getSimpleName(), method);
    }

    private static DescribedPredicate<JavaCall<?>> withoutAnExecutor() {
        DescribedPredicate<HasParameterTypes> executor = HasParameterTypes.Predicates.rawParameterTypes(
                DescribedPredicate.anyElementThat(assignableTo(Executor.class)));
        return target(DescribedPredicate.not(executor));
    }

    @Test
    void everyModuleIsSeenAndNoTest() {
        assertThat(MAIN.contain(AsyncExecutor.class)).isTrue();
        assertThat(MAIN.contain(AsyncTool.class)).isTrue();
        assertThat(MAIN.contain(AsyncMcpAutoConfiguration.class)).isTrue();
        assertThat(MAIN.contain(EveryModuleTests.class)).isFalse();
    }

    @Test
    void timeComesFromAClock() {
        TIME.check(MAIN);
    }

    @Test
    void threadsAreMadeInOnePlace() {
        THREADS.check(MAIN);
    }

    @Test
    void theCommonPoolIsLeftAlone() {
        COMMON_POOL.check(MAIN);
    }

    @Test
    void clientsTextsMeetNoPattern() {
        PATTERNS.check(MAIN);
    }

    @Test
    void rulesSeeWhatTheyForbid() {
        JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);

        assertThat(PATTERNS.evaluate(offender).getFailureReport().getDetails()).hasSize(3);
        assertThat(TIME.evaluate(offender).getFailureReport().getDetails()).hasSize(4);
        assertThat(THREADS.evaluate(offender).getFailureReport().getDetails()).hasSize(3);
        assertThat(COMMON_POOL.evaluate(offender).getFailureReport().getDetails())
                .hasSize(4);
    }

    /** Does everything once that main code must not do. */
    @SuppressWarnings("unused")
    private static final class Offender {

        void time() throws InterruptedException {
            Instant.now();
            System.nanoTime();
            System.currentTimeMillis();
            Thread.sleep(1);
            Clock.systemUTC().instant();
        }

        void patterns() {
            Pattern.compile("(a*)*b").matcher("a").matches();
            "a".matches("(a*)*b");
            "a".replaceAll("\\s+$", "");
        }

        void threads() {
            new Thread(() -> {});
            Executors.newSingleThreadExecutor();
            Schedulers.boundedElastic();
        }

        void commonPool() {
            CompletableFuture.runAsync(() -> {}).thenRunAsync(() -> {}, Runnable::run);
            CompletableFuture.supplyAsync(() -> 1).thenApplyAsync(one -> one);
            List.of().parallelStream();
        }
    }
}
