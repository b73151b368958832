package io.asyncmcp.autoconfigure;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Has an application that devtools restarts not wait for what runs: somebody sits there and wants to see a change. As devtools'
 * own defaults do, it yields to whatever the application says, and to {@code spring.devtools.add-properties=false}.
 */
final class DevtoolsDefaults implements EnvironmentPostProcessor, Ordered {

    private static final String RESTARTED = "org.springframework.boot.devtools.restart.classloader.RestartClassLoader";

    private static final Map<String, Object> DEFAULTS = Map.of("async.mcp.shutdown-timeout", "0s");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (isRestarted(application.getClassLoader())
                && environment.getProperty("spring.devtools.add-properties", Boolean.class, true)) {
            environment.getPropertySources().addLast(new MapPropertySource("asyncMcpDevtools", DEFAULTS));
        }
    }

    private static boolean isRestarted(@Nullable ClassLoader loader) {
        return loader != null && loader.getClass().getName().equals(RESTARTED);
    }

    /** When the application's own properties have been read. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
