package io.asyncmcp.server;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same is the same text at every start and on every replica: hosts keep prompts by the bytes of what they are told. */
class StableBytesTests {

    private static final ArchRule ORDERED = noClasses()
            .that()
            .haveNameNotMatching(
                    // These look things up or carry them within the process.
                    ".*\\.(HeaderRules|Subscriptions|LongRequest|DetachedExchange)")
            .should()
            .callMethodWhere(describe(
                    "Map.of with several pairs",
                    (JavaCall<?> call) -> call.getTargetOwner().isEquivalentTo(Map.class)
                            && call.getName().equals("of")
                            && call.getTarget().getRawParameterTypes().size() > 2))
            .because("its order is another one at every start; a LinkedHashMap keeps it");

    @Test
    void mapsKeepTheirOrder() {
        ORDERED.check(new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.asyncmcp.server"));
    }
}
