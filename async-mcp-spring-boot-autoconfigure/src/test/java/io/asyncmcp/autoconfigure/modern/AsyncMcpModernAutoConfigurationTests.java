package io.asyncmcp.autoconfigure.modern;

import static io.asyncmcp.autoconfigure.ContextRunners.ASYNC;
import static io.asyncmcp.autoconfigure.ContextRunners.STATELESS;
import static io.asyncmcp.autoconfigure.ContextRunners.STREAMABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.ContextRunners;
import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.PlainWork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

class AsyncMcpModernAutoConfigurationTests {

    private final WebApplicationContextRunner webMvc = ContextRunners.webMvc().withPropertyValues(STREAMABLE);

    private static void isThere(ApplicationContextAssertProvider<? extends ConfigurableApplicationContext> context) {
        assertThat(context)
                .hasNotFailed()
                .hasSingleBean(ModernFace.class)
                .hasSingleBean(PlainWork.class)
                .hasSingleBean(ModernLifecycle.class)
                .hasSingleBean(PlainWorkPostProcessor.class)
                .hasSingleBean(ProtocolProperties.class);
    }

    private static void isAbsent(ApplicationContextAssertProvider<? extends ConfigurableApplicationContext> context) {
        assertThat(context)
                .hasNotFailed()
                .doesNotHaveBean(ModernFace.class)
                .doesNotHaveBean(PlainWork.class)
                .doesNotHaveBean(ModernLifecycle.class)
                .doesNotHaveBean(PlainWorkPostProcessor.class)
                .doesNotHaveBean(ProtocolProperties.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {STREAMABLE, STATELESS})
    void thereByDefaultOnWebMvc(String protocol) {
        ContextRunners.webMvc().withPropertyValues(protocol).run(AsyncMcpModernAutoConfigurationTests::isThere);
    }

    @ParameterizedTest
    @ValueSource(strings = {STREAMABLE, STATELESS})
    void thereByDefaultOnWebFlux(String protocol) {
        ContextRunners.webFlux().withPropertyValues(protocol).run(AsyncMcpModernAutoConfigurationTests::isThere);
    }

    @Test
    void thereByDefaultWithoutTheWeb() {
        ContextRunners.plain().run(AsyncMcpModernAutoConfigurationTests::isThere);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "async.mcp.protocol.enabled=false",
                "async.mcp.enabled=false",
                "spring.ai.mcp.server.enabled=false"
            })
    void offByProperty(String property) {
        webMvc.withPropertyValues(property).run(AsyncMcpModernAutoConfigurationTests::isAbsent);
        ContextRunners.webFlux()
                .withPropertyValues(STREAMABLE, property)
                .run(AsyncMcpModernAutoConfigurationTests::isAbsent);
        ContextRunners.plain().withPropertyValues(property).run(AsyncMcpModernAutoConfigurationTests::isAbsent);
    }

    @Test
    void offWithoutAServerAutoConfiguration() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AsyncMcpModernAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(McpServerAutoConfiguration.class))
                .run(AsyncMcpModernAutoConfigurationTests::isAbsent);
    }

    @Test
    void offWithoutTheRestOfUs() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(AsyncMcpModernAutoConfiguration.class))
                .run(AsyncMcpModernAutoConfigurationTests::isAbsent);
    }

    @Test
    void backsOffForTheApplicationsFaceAndWork() {
        webMvc.run(context -> {
            ModernFace face = context.getBean(ModernFace.class);
            PlainWork work = context.getBean(PlainWork.class);
            webMvc.withBean("face", ModernFace.class, () -> face)
                    .withBean("work", PlainWork.class, () -> work)
                    .run(own -> {
                        isThere(own);
                        assertThat(own.getBean(ModernFace.class)).isSameAs(face);
                        assertThat(own.getBean(PlainWork.class)).isSameAs(work);
                    });
        });
    }

    @Test
    void endsWithTheContext() {
        ModernLifecycle[] lifecycle = new ModernLifecycle[1];
        webMvc.run(context -> {
            lifecycle[0] = context.getBean(ModernLifecycle.class);
            assertThat(lifecycle[0].isRunning()).isTrue();
            assertThat(context.getBean(PlainWork.class).active()).isZero();
            assertThat(context.getBean(ModernFace.class).subscriptions()).isZero();
        });
        assertThat(lifecycle[0].isRunning()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "protocol.request-state-ttl,0s,'async.mcp.protocol.request-state-ttl must be positive, but was PT0S'",
        "protocol.request-state-ttl,-1s,'async.mcp.protocol.request-state-ttl must be positive, but was PT-1S'",
        "protocol.list-ttl,-1s,'async.mcp.protocol.list-ttl must not be negative, but was PT-1S'",
        "protocol.resource-ttl,-1s,'async.mcp.protocol.resource-ttl must not be negative, but was PT-1S'",
        "protocol.cache-scope,nobody,nobody",
        "tasks.inline-wait,-1s,'async.mcp.tasks.inline-wait must not be negative, but was PT-1S'",
    })
    void valueOutOfRangeNamesTheProperty(String property, String value, String message) {
        webMvc.withPropertyValues("async.mcp." + property + "=" + value).run(context -> {
            assertThat(context).hasFailed();
            List<String> messages = new ArrayList<>();
            for (Throwable error = context.getStartupFailure(); error != null; error = error.getCause()) {
                messages.add(String.valueOf(error.getMessage()));
            }
            assertThat(messages.get(messages.size() - 1)).contains(message);
        });
    }

    @Test
    void taskThatIsNotWaitedForAtAllIsFine() {
        webMvc.withPropertyValues("async.mcp.tasks.inline-wait=0s", "async.mcp.protocol.list-ttl=0s")
                .run(AsyncMcpModernAutoConfigurationTests::isThere);
    }

    @Test
    void worksWithoutTasks() {
        webMvc.withPropertyValues("async.mcp.tasks.enabled=false").run(AsyncMcpModernAutoConfigurationTests::isThere);
    }

    @Test
    void worksForReactiveServers() {
        ContextRunners.webFlux()
                .withPropertyValues(STREAMABLE, ASYNC)
                .run(AsyncMcpModernAutoConfigurationTests::isThere);
    }
}
