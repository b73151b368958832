package io.asyncmcp.autoconfigure.aot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.security.web.SecurityFilterChain;

class ServerRuntimeHintsTests {

    private final RuntimeHints hints = new RuntimeHints();

    @Test
    void areFoundByTheBuild() {
        assertThat(AotServices.factories().load(RuntimeHintsRegistrar.class))
                .hasAtLeastOneElementOfType(ServerRuntimeHints.class);
    }

    @Test
    void springSecurityIsFoundByName() {
        new ServerRuntimeHints().registerHints(hints, getClass().getClassLoader());

        assertThat(RuntimeHintsPredicates.reflection().onType(SecurityFilterChain.class))
                .accepts(hints);
    }

    @Test
    void nothingIsHintedWithoutSpringSecurity() {
        new ServerRuntimeHints().registerHints(hints, new FilteredClassLoader(SecurityFilterChain.class));

        assertThat(RuntimeHintsPredicates.reflection().onType(SecurityFilterChain.class))
                .rejects(hints);
    }
}
