package io.asyncmcp.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.devtools.restart.classloader.RestartClassLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;

class DevtoolsDefaultsTests {

    private static final ClassLoader ORDINARY = DevtoolsDefaultsTests.class.getClassLoader();

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(AsyncMcpAutoConfiguration.class)
    static class App {}

    private static Duration shutdownTimeout(ClassLoader loader, String... arguments) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(App.class)
                .resourceLoader(new DefaultResourceLoader(loader))
                .web(WebApplicationType.NONE)
                .run(arguments)) {
            return context.getBean(AsyncMcpProperties.class).shutdownTimeout();
        }
    }

    @Test
    void restartDoesNotWaitForWhatRuns() {
        assertThat(shutdownTimeout(new RestartClassLoader(ORDINARY))).isZero();
    }

    @Test
    void yieldsToTheApplication() {
        assertThat(shutdownTimeout(new RestartClassLoader(ORDINARY), "--async.mcp.shutdown-timeout=7s"))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(shutdownTimeout(new RestartClassLoader(ORDINARY), "--spring.devtools.add-properties=false"))
                .isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void doesNothingWithoutDevtools() {
        assertThat(shutdownTimeout(ORDINARY)).isEqualTo(Duration.ofSeconds(20));
    }
}
