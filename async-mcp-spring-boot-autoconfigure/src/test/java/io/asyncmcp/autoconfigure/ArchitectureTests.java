package io.asyncmcp.autoconfigure;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ArchitectureTests {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.asyncmcp.autoconfigure");

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

    private static final ArchRule ONE_VERSION_IN_ONE_PLACE = noClasses()
            .that()
            .resideOutsideOfPackage("io.asyncmcp.autoconfigure.modern")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.asyncmcp.autoconfigure.modern..", "io.asyncmcp.server.modern..")
            .because("protocol 2026-07-28 comes on top: everything works without it");

    @Test
    void protocolVersionIsAnAddition() {
        ONE_VERSION_IN_ONE_PLACE.check(MAIN);
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
