package io.asyncmcp.autoconfigure;

import io.asyncmcp.autoconfigure.http.AsyncMcpHttpAutoConfiguration;
import io.asyncmcp.autoconfigure.modern.AsyncMcpModernAutoConfiguration;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerJsonMapperAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.StatelessToolCallbackConverterAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.ToolCallbackConverterAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerAnnotationScannerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.McpServerSpecificationFactoryAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.annotations.StatelessServerSpecificationFactoryAutoConfiguration;
import org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerSseWebFluxAutoConfiguration;
import org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStatelessWebFluxAutoConfiguration;
import org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStreamableHttpWebFluxAutoConfiguration;
import org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerSseWebMvcAutoConfiguration;
import org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStatelessWebMvcAutoConfiguration;
import org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStreamableHttpWebMvcAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Contexts with Spring AI's MCP server and ours, but without a web server. */
public final class ContextRunners {

    public static final String STREAMABLE = "spring.ai.mcp.server.protocol=STREAMABLE";

    public static final String STATELESS = "spring.ai.mcp.server.protocol=STATELESS";

    public static final String SSE = "spring.ai.mcp.server.protocol=SSE";

    public static final String ASYNC = "spring.ai.mcp.server.type=ASYNC";

    private static final AutoConfigurations COMMON = AutoConfigurations.of(
            AsyncMcpAutoConfiguration.class,
            AsyncMcpModernAutoConfiguration.class,
            AsyncMcpServerAutoConfiguration.class,
            AsyncMcpToolsAutoConfiguration.class,
            AsyncMcpTransportAutoConfiguration.class,
            AsyncMcpHttpAutoConfiguration.class,
            McpServerJsonMapperAutoConfiguration.class,
            McpServerAutoConfiguration.class,
            McpServerStatelessAutoConfiguration.class,
            ToolCallbackConverterAutoConfiguration.class,
            StatelessToolCallbackConverterAutoConfiguration.class,
            McpServerAnnotationScannerAutoConfiguration.class,
            McpServerSpecificationFactoryAutoConfiguration.class,
            StatelessServerSpecificationFactoryAutoConfiguration.class);

    private ContextRunners() {}

    /** An application that is none of the web. */
    public static ApplicationContextRunner plain() {
        return new ApplicationContextRunner().withConfiguration(COMMON).withUserConfiguration(NoStandardInput.class);
    }

    /** An application that Spring AI gives its fallback. Standard input has to be replaced before. */
    static ApplicationContextRunner stdio() {
        return new ApplicationContextRunner().withConfiguration(COMMON);
    }

    /** An application of the web without Spring AI's starter for it. Standard input has to be replaced before. */
    static WebApplicationContextRunner webWithoutTransport() {
        return new WebApplicationContextRunner()
                .withConfiguration(COMMON)
                .withClassLoader(new FilteredClassLoader("org.springframework.ai.mcp.server.webmvc"));
    }

    @SuppressWarnings("removal")
    public static WebApplicationContextRunner webMvc() {
        return new WebApplicationContextRunner()
                .withConfiguration(COMMON)
                .withConfiguration(AutoConfigurations.of(
                        McpServerSseWebMvcAutoConfiguration.class,
                        McpServerStreamableHttpWebMvcAutoConfiguration.class,
                        McpServerStatelessWebMvcAutoConfiguration.class));
    }

    @SuppressWarnings("removal")
    public static ReactiveWebApplicationContextRunner webFlux() {
        return new ReactiveWebApplicationContextRunner()
                .withConfiguration(COMMON)
                .withConfiguration(AutoConfigurations.of(
                        McpServerSseWebFluxAutoConfiguration.class,
                        McpServerStreamableHttpWebFluxAutoConfiguration.class,
                        McpServerStatelessWebFluxAutoConfiguration.class));
    }

    /** Spring AI's fallback would read the standard input of the process that runs the tests. */
    @Configuration(proxyBeanMethods = false)
    public static class NoStandardInput {

        @Bean
        McpServerTransportProvider transportOfTheApplication() {
            return new SilentTransport();
        }
    }

    static final class SilentTransport implements McpServerTransportProvider {

        @Override
        public void setSessionFactory(McpServerSession.Factory factory) {
            // Nobody connects.
        }

        @Override
        public Mono<Void> notifyClients(String method, Object params) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }
    }
}
