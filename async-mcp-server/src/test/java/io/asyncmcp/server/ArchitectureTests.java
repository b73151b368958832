package io.asyncmcp.server;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ArchitectureTests {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.asyncmcp.server");

    private static final ArchRule NOBODY_WAITS = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.asyncmcp.server.tool.ToolSpecifications")
            .should()
            .callMethodWhere(calls(Mono.class, "block.*"))
            .orShould()
            .callMethodWhere(calls(Flux.class, "block.*"))
            .orShould()
            .callMethodWhere(calls(CompletableFuture.class, "join|get"))
            .because("no thread waits for an operation; ToolSpecifications has no choice behind a foreign transport");

    private static final ArchRule NO_BOOT = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.boot..",
                    "org.springframework.web..",
                    "org.springframework.ai.mcp.server..",
                    "jakarta.servlet..")
            .because("it works without Spring Boot, and on any transport");

    private static final ArchRule NO_CYCLES =
            slices().matching("io.asyncmcp.server.(*)..").should().beFreeOfCycles();

    private static final ArchRule ONE_VERSION_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackage("io.asyncmcp.server.modern")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.asyncmcp.server.modern..")
            .because("protocol 2026-07-28 comes on top: everything works without it");

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> type, String method) {
        return target(owner(assignableTo(type)))
                .and(target(nameMatching(method)))
                .as("calls %s.%s", type.getSimpleName(), method);
    }

    @Test
    void noThreadWaitsForAnOperation() {
        NOBODY_WAITS.check(MAIN);
    }

    @Test
    void worksWithoutSpringBoot() {
        NO_BOOT.check(MAIN);
    }

    @Test
    void protocolVersionIsAnAddition() {
        ONE_VERSION_IN_ONE_PLACE.check(MAIN);
    }

    @Test
    void packagesDependInOneDirection() {
        NO_CYCLES.check(MAIN);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> packages = new TreeSet<>();
        MAIN.forEach(type -> packages.add(type.getPackageName()));
        assertThat(packages).isNotEmpty().allMatch(name -> MAIN.getPackage(name).isAnnotatedWith(NullMarked.class));
    }
}
