package io.asyncmcp;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ArchitectureTests {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.asyncmcp");

    private static final ArchRule STORES_RUN_NOTHING = noClasses()
            .that()
            .resideInAPackage("io.asyncmcp.store")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.asyncmcp.engine");

    private static final ArchRule EXECUTOR_IS_HIDDEN = classes()
            .that()
            .haveSimpleName("OperationExecutor")
            .or()
            .haveSimpleName("OperationTask")
            .or()
            .haveSimpleName("OperationWait")
            .or()
            .haveSimpleName("Admission")
            .should()
            .bePackagePrivate();

    private static final ArchRule NOTHING_CAN_BE_GUESSED = noClasses()
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.SplittableRandom")
            .orShould()
            .callMethod(Math.class, "random")
            .because("an id is an anonymous caller's key");

    private static final ArchRule IDS_COME_FROM_SECURE_RANDOM = classes()
            .that()
            .haveSimpleName("OperationIds")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(SecureRandom.class);

    @Test
    void idsCannotBeGuessed() {
        NOTHING_CAN_BE_GUESSED.check(MAIN);
        IDS_COME_FROM_SECURE_RANDOM.check(MAIN);
    }

    @Test
    void storesDoNotKnowEngines() {
        STORES_RUN_NOTHING.check(MAIN);
    }

    @Test
    void whatMovesOperationsIsNoApi() {
        EXECUTOR_IS_HIDDEN.check(MAIN);
    }
}
