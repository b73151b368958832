package io.asyncmcp.autoconfigure.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.AsyncMcpAutoConfiguration;
import io.asyncmcp.autoconfigure.actuate.AsyncMcpHealthAutoConfiguration;
import io.asyncmcp.autoconfigure.actuate.AsyncOperationsEndpoint;
import io.asyncmcp.autoconfigure.actuate.AsyncOperationsEndpointAutoConfiguration;
import io.asyncmcp.autoconfigure.actuate.OperationDescriptor;
import io.asyncmcp.autoconfigure.metrics.AsyncMcpMetricsAutoConfiguration;
import io.asyncmcp.autoconfigure.observation.AsyncMcpObservationAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** Lets the framework process what it can see, to know that the rest is what {@link CoreRuntimeHints} has. */
class AheadOfTimeProcessingTests {

    @Test
    void endpointsRecordsAreSeenByTheFramework() {
        RuntimeHints hints = process();
        for (Class<?> serialized : new Class<?>[] {
            AsyncOperationsEndpoint.OperationsDescriptor.class,
            AsyncOperationsEndpoint.CancellationDescriptor.class,
            OperationDescriptor.class,
            OperationDescriptor.OwnerDescriptor.class,
            OperationDescriptor.ProgressDescriptor.class
        }) {
            assertThat(RuntimeHintsPredicates.reflection()
                            .onType(serialized)
                            .withMemberCategory(MemberCategory.ACCESS_DECLARED_FIELDS))
                    .as(serialized.getSimpleName())
                    .accepts(hints);
        }
    }

    private static RuntimeHints process() {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of("management.endpoints.web.exposure.include=asyncoperations")
                    .applyTo(context);
            context.register(
                    MetricsAutoConfiguration.class,
                    SimpleMetricsExportAutoConfiguration.class,
                    CompositeMeterRegistryAutoConfiguration.class,
                    ObservationAutoConfiguration.class,
                    AsyncMcpAutoConfiguration.class,
                    AsyncMcpMetricsAutoConfiguration.class,
                    AsyncMcpObservationAutoConfiguration.class,
                    AsyncOperationsEndpointAutoConfiguration.class,
                    AsyncMcpHealthAutoConfiguration.class);
            DefaultGenerationContext generation = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get("com.example", "Application")), new InMemoryGeneratedFiles());
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            return generation.getRuntimeHints();
        }
    }
}
