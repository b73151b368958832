package io.asyncmcp.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.asyncmcp.web");

    private static final ArchRule ENDPOINT_KNOWS_NO_STACK = noClasses()
            .that()
            .resideInAPackage("io.asyncmcp.web")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.asyncmcp.web.servlet..",
                    "io.asyncmcp.web.reactive..",
                    "jakarta.servlet..",
                    "org.springframework.web.servlet..",
                    "org.springframework.web.reactive..",
                    "org.springframework.http.server..")
            .because("adapters turn what a stack has into headers and bytes");

    private static final ArchRule ADAPTERS_DO_NOT_MEET = noClasses()
            .that()
            .resideInAPackage("io.asyncmcp.web.servlet..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.asyncmcp.web.reactive..", "org.springframework.web.reactive..")
            .because("an application has one stack");

    private static final ArchRule NOR_THE_OTHER_WAY_ROUND = noClasses()
            .that()
            .resideInAPackage("io.asyncmcp.web.reactive..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.asyncmcp.web.servlet..", "org.springframework.web.servlet..", "jakarta.servlet..")
            .because("an application has one stack");

    private static final ArchRule NO_BOOT = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.boot..", "org.springframework.ai..")
            .because("it needs Spring's web modules and the MCP SDK alone");

    @Test
    void endpointKnowsNoStack() {
        ENDPOINT_KNOWS_NO_STACK.check(MAIN);
    }

    @Test
    void adaptersDoNotMeet() {
        ADAPTERS_DO_NOT_MEET.check(MAIN);
        NOR_THE_OTHER_WAY_ROUND.check(MAIN);
    }

    @Test
    void worksWithoutSpringBoot() {
        NO_BOOT.check(MAIN);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> packages = new TreeSet<>();
        MAIN.forEach(type -> packages.add(type.getPackageName()));
        assertThat(packages)
                .hasSizeGreaterThan(2)
                .allMatch(name -> MAIN.getPackage(name).isAnnotatedWith(NullMarked.class));
    }
}
