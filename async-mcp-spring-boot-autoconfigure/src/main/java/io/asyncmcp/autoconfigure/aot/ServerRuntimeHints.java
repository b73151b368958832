package io.asyncmcp.autoconfigure.aot;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/** Hints for what the server's auto-configuration finds by name. */
final class ServerRuntimeHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        // A secured application that did not find it would take callers it cannot name for anonymous ones.
        hints.reflection()
                .registerTypeIfPresent(classLoader, "org.springframework.security.web.SecurityFilterChain", type -> {});
    }
}
