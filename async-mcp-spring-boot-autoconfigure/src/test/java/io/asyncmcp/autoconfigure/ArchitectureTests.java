package io.asyncmcp.autoconfigure;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasParameterTypes;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

class ArchitectureTests {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.asyncmcp.autoconfigure");

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
            .should()
            .callConstructorWhere(target(owner(assignableTo(Thread.class))))
            .orShould()
            .callConstructorWhere(target(owner(assignableTo(Timer.class))))
            .orShould()
            .callMethodWhere(calls(Executors.class, ".*"))
            .orShould()
            .callMethodWhere(calls(Schedulers.class, ".*"))
            .because("threads are made in core, and handed in");

    private static final ArchRule COMMON_POOL = noClasses()
            .should()
            .callMethodWhere(calls(CompletionStage.class, ".*Async").and(withoutAnExecutor()))
            .orShould()
            .callMethodWhere(calls(CompletableFuture.class, "orTimeout|completeOnTimeout|delayedExecutor"))
            .orShould()
            .callMethodWhere(calls(ForkJoinPool.class, "commonPool"))
            .orShould()
            .callMethodWhere(calls(Collection.class, "parallelStream"))
            .because("a parked operation would starve everybody else who uses the common pool");

    private static final ArchRule CONFIGURATION_CONFIGURES = noClasses()
            .that()
            .areAnnotatedWith(AutoConfiguration.class)
            .or()
            .areAnnotatedWith(Configuration.class)
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.slf4j.Logger")
            .because("a configuration class wires; what has something to say is a class of its own");

    private static final ArchRule AUTO_CONFIGURATION_IS_CLOSED = classes()
            .that()
            .areAnnotatedWith(AutoConfiguration.class)
            .should()
            .bePublic()
            .andShould()
            .haveModifier(JavaModifier.FINAL)
            .andShould()
            .haveSimpleNameEndingWith("AutoConfiguration");

    private static final ArchRule BEAN_METHODS_ARE_HIDDEN =
            methods().that().areAnnotatedWith(Bean.class).should().bePackagePrivate();

    private static final ArchRule POST_PROCESSORS_ARE_STATIC = methods()
            .that()
            .areAnnotatedWith(Bean.class)
            .and()
            .haveRawReturnType(assignableTo(BeanPostProcessor.class))
            .should()
            .beStatic()
            .because("otherwise its configuration class, and what that needs, would come too early");

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
    void timeComesFromAClock() {
        TIME.check(MAIN);
    }

    @Test
    void threadsComeFromCore() {
        THREADS.check(MAIN);
    }

    @Test
    void commonPoolIsLeftAlone() {
        COMMON_POOL.check(MAIN);
    }

    @Test
    void configurationClassesOnlyWire() {
        CONFIGURATION_CONFIGURES.check(MAIN);
    }

    @Test
    void autoConfigurationIsNoApi() {
        AUTO_CONFIGURATION_IS_CLOSED.check(MAIN);
        BEAN_METHODS_ARE_HIDDEN.check(MAIN);
    }

    @Test
    void postProcessorsAreMadeWithoutTheirConfiguration() {
        POST_PROCESSORS_ARE_STATIC.check(MAIN);
    }

    @Test
    void everyAutoConfigurationIsListed() {
        List<String> listed =
                ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).getCandidates().stream()
                        .filter(name -> name.startsWith("io.asyncmcp."))
                        .toList();
        assertThat(MAIN.stream()
                        .filter(type -> type.isAnnotatedWith(AutoConfiguration.class))
                        .map(JavaClass::getName))
                .containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> packages = new TreeSet<>();
        MAIN.forEach(type -> packages.add(type.getPackageName()));
        assertThat(packages).isNotEmpty().allMatch(name -> MAIN.getPackage(name).isAnnotatedWith(NullMarked.class));
    }
}
