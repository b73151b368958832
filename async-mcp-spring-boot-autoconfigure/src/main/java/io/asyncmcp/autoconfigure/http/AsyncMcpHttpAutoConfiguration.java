package io.asyncmcp.autoconfigure.http;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.OperationOwner;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.autoconfigure.AsyncMcpProperties;
import io.asyncmcp.autoconfigure.AsyncMcpServerAutoConfiguration;
import io.asyncmcp.autoconfigure.AsyncMcpTransportAutoConfiguration;
import io.asyncmcp.autoconfigure.RequestProperties;
import io.asyncmcp.engine.OperationThreads;
import io.asyncmcp.server.http.Heartbeat;
import io.asyncmcp.server.http.HttpFace;
import io.asyncmcp.server.http.MessageJson;
import io.asyncmcp.server.http.OpenExchanges;
import io.asyncmcp.server.http.ReplyMemory;
import io.asyncmcp.server.question.InputAnswers;
import io.asyncmcp.server.transport.DeliveryThreads;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.SessionOwners;
import io.asyncmcp.web.McpHttpEndpoint;
import io.asyncmcp.web.SseHttpEndpoint;
import io.asyncmcp.web.StatelessHttpEndpoint;
import io.asyncmcp.web.StreamableHttpEndpoint;
import io.asyncmcp.web.reactive.ReactiveEndpoint;
import io.asyncmcp.web.servlet.ServletEndpoint;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStdioDisabledCondition;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerSseProperties;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerStreamableHttpProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Auto-configuration of the HTTP endpoint, Streamable or the deprecated SSE, in the place of Spring AI's transports. It backs off for a transport of
 * the application's own.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = AsyncMcpServerAutoConfiguration.class,
        before = AsyncMcpTransportAutoConfiguration.class,
        beforeName = {
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerSseWebMvcAutoConfiguration",
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStreamableHttpWebMvcAutoConfiguration",
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStatelessWebMvcAutoConfiguration",
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerSseWebFluxAutoConfiguration",
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStreamableHttpWebFluxAutoConfiguration",
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStatelessWebFluxAutoConfiguration"
        })
@ConditionalOnClass({McpServerStreamableHttpProperties.class, McpHttpEndpoint.class})
@ConditionalOnWebApplication
@ConditionalOnBean(InputAnswers.class)
@EnableConfigurationProperties({
    McpServerStreamableHttpProperties.class,
    McpServerSseProperties.class,
    RequestProperties.class,
    HttpProperties.class
})
public final class AsyncMcpHttpAutoConfiguration {

    private static final int REQUEST_THREADS = 200;

    @Bean
    @ConditionalOnMissingBean
    Heartbeat asyncMcpHeartbeat(AsyncMcpProperties properties, HttpProperties http) {
        return new Heartbeat(
                http.streamAfter(), properties.heartbeatInterval(), OperationThreads.newTimer("async-mcp-http-"));
    }

    @Bean
    @ConditionalOnMissingBean
    McpHttpEndpoint.Settings asyncMcpHttpSettings(
            @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
            AsyncMcpProperties properties,
            RequestProperties requests,
            HttpProperties http,
            ServerTransportSecurityValidator validator,
            ObjectProvider<HttpFace> faces,
            Heartbeat heartbeat,
            DeliveryThreads delivery,
            ExecutorConfig config,
            OpenExchanges open,
            Environment environment) {
        // The face needs the tools, some of which need the transport first.
        Supplier<Optional<HttpFace>> face = SingletonSupplier.of(() -> Optional.ofNullable(faces.getIfAvailable()));
        return new McpHttpEndpoint.Settings(
                new MessageJson(mapper),
                requests.toRequestBodies(properties.limits(), requestThreads(environment)),
                validator,
                face,
                heartbeat,
                delivery.executor(),
                new ReplyMemory(config.limits()),
                open,
                http.response() == HttpProperties.Response.STREAM);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = Type.SERVLET)
    static class OnServlets {

        /** Most of it Tomcat's buffers. */
        private static final int BYTES = 128 * 1024;

        @Bean
        OpenExchanges asyncMcpOpenExchanges(HttpProperties http) {
            return http.toOpenExchanges(BYTES);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = Type.REACTIVE)
    static class OnReactor {

        /** As much as Netty takes for a client that does not read, before it says that it is enough. */
        private static final int BYTES = 64 * 1024;

        @Bean
        OpenExchanges asyncMcpOpenExchanges(HttpProperties http) {
            return http.toOpenExchanges(BYTES);
        }
    }

    /** By default as many as Tomcat and Jetty have; virtual ones are not few. */
    private static int requestThreads(Environment environment) {
        if (Threading.VIRTUAL.isActive(environment)) {
            return Integer.MAX_VALUE;
        }
        return Stream.of("server.tomcat.threads.max", "server.jetty.threads.max")
                .map(name -> environment.getProperty(name, Integer.class))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(REQUEST_THREADS);
    }

    /** Takes out a transport of Spring AI's, which nothing would use. */
    private static BeanDefinitionRegistryPostProcessor without(String... transports) {
        return registry -> {
            for (String transport : transports) {
                if (registry.containsBeanDefinition(transport)) {
                    registry.removeBeanDefinition(transport);
                }
            }
        };
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional({
        McpServerStdioDisabledCondition.class,
        McpServerAutoConfiguration.EnabledStreamableServerCondition.class
    })
    @ConditionalOnMissingBean(McpStreamableServerTransportProvider.class)
    static class Streamable {

        @Bean
        static BeanDefinitionRegistryPostProcessor asyncMcpReplacedStreamableTransports() {
            return without("webMvcStreamableServerTransportProvider", "webFluxStreamableServerTransportProvider");
        }

        @Bean(destroyMethod = "")
        StreamableHttpEndpoint asyncMcpStreamableEndpoint(
                McpHttpEndpoint.Settings settings,
                HttpProperties http,
                McpServerStreamableHttpProperties known,
                SessionOwners owners,
                Dialects dialects,
                AsyncExecutor executor) {
            return new StreamableHttpEndpoint(
                    settings,
                    new StreamableHttpEndpoint.SessionRules(
                            http.sessionIdleTimeout(),
                            // An anonymous caller without the session has lost its operations.
                            session -> executor.operationsAsync(OperationQuery.ALL
                                            .withOwner(OperationOwner.session(session))
                                            .withLimit(1))
                                    .thenApply(operations -> !operations.isEmpty()),
                            http.sessions(),
                            known.isDisallowDelete(),
                            known.getKeepAliveInterval()),
                    owners,
                    dialects,
                    Ticker.systemTicker());
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = Type.SERVLET)
        @ConditionalOnClass(org.springframework.web.servlet.function.RouterFunction.class)
        static class WebMvc {

            @Bean
            @ConditionalOnMissingBean(name = "webMvcStreamableServerRouterFunction")
            org.springframework.web.servlet.function.RouterFunction<
                            org.springframework.web.servlet.function.ServerResponse>
                    webMvcStreamableServerRouterFunction(
                            StreamableHttpEndpoint endpoint, McpServerStreamableHttpProperties http) {
                return ServletEndpoint.route(http.getMcpEndpoint(), endpoint);
            }
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = Type.REACTIVE)
        @ConditionalOnClass(org.springframework.web.reactive.function.server.RouterFunction.class)
        static class WebFlux {

            @Bean
            @ConditionalOnMissingBean(name = "webFluxStreamableServerRouterFunction")
            org.springframework.web.reactive.function.server.RouterFunction<?> webFluxStreamableServerRouterFunction(
                    StreamableHttpEndpoint endpoint, McpServerStreamableHttpProperties http) {
                return ReactiveEndpoint.route(http.getMcpEndpoint(), endpoint);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional({
        McpServerStdioDisabledCondition.class,
        McpServerStatelessAutoConfiguration.EnabledStatelessServerCondition.class
    })
    @ConditionalOnMissingBean(McpStatelessServerTransport.class)
    static class Stateless {

        @Bean
        static BeanDefinitionRegistryPostProcessor asyncMcpReplacedStatelessTransports() {
            return without("webMvcStatelessServerTransport", "webFluxStatelessServerTransport");
        }

        @Bean(destroyMethod = "")
        StatelessHttpEndpoint asyncMcpStatelessEndpoint(McpHttpEndpoint.Settings settings) {
            return new StatelessHttpEndpoint(settings);
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = Type.SERVLET)
        @ConditionalOnClass(org.springframework.web.servlet.function.RouterFunction.class)
        static class WebMvc {

            @Bean
            @ConditionalOnMissingBean(name = "webMvcStatelessServerRouterFunction")
            org.springframework.web.servlet.function.RouterFunction<
                            org.springframework.web.servlet.function.ServerResponse>
                    webMvcStatelessServerRouterFunction(
                            StatelessHttpEndpoint endpoint, McpServerStreamableHttpProperties http) {
                return ServletEndpoint.route(http.getMcpEndpoint(), endpoint);
            }
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = Type.REACTIVE)
        @ConditionalOnClass(org.springframework.web.reactive.function.server.RouterFunction.class)
        static class WebFlux {

            @Bean
            @ConditionalOnMissingBean(name = "webFluxStatelessServerRouterFunction")
            org.springframework.web.reactive.function.server.RouterFunction<?> webFluxStatelessServerRouterFunction(
                    StatelessHttpEndpoint endpoint, McpServerStreamableHttpProperties http) {
                return ReactiveEndpoint.route(http.getMcpEndpoint(), endpoint);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional({McpServerStdioDisabledCondition.class, McpServerAutoConfiguration.EnabledSseServerCondition.class})
    @ConditionalOnMissingBean(McpServerTransportProvider.class)
    @Import(UnsetProtocolWarning.class)
    static class Sse {

        @Bean(destroyMethod = "")
        SseHttpEndpoint asyncMcpSseEndpoint(
                McpHttpEndpoint.Settings settings,
                McpServerSseProperties sse,
                SessionOwners owners,
                Environment environment) {
            String base = sse.getBaseUrl();
            return new SseHttpEndpoint(
                    settings,
                    (base.isEmpty() ? contextPath(environment) : base) + sse.getSseMessageEndpoint(),
                    sse.getKeepAliveInterval(),
                    owners);
        }

        private static String contextPath(Environment environment) {
            String path = environment.getProperty(
                    "server.servlet.context-path", environment.getProperty("spring.webflux.base-path", ""));
            return path.equals("/") ? "" : path;
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = Type.SERVLET)
        @ConditionalOnClass(org.springframework.web.servlet.function.RouterFunction.class)
        static class WebMvc {

            @Bean
            @ConditionalOnMissingBean(name = "webMvcSseServerRouterFunction")
            org.springframework.web.servlet.function.RouterFunction<
                            org.springframework.web.servlet.function.ServerResponse>
                    webMvcSseServerRouterFunction(SseHttpEndpoint endpoint, McpServerSseProperties sse) {
                return ServletEndpoint.route(sse.getSseEndpoint(), sse.getSseMessageEndpoint(), endpoint);
            }
        }

        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = Type.REACTIVE)
        @ConditionalOnClass(org.springframework.web.reactive.function.server.RouterFunction.class)
        static class WebFlux {

            @Bean
            @ConditionalOnMissingBean(name = "webfluxSseServerRouterFunction")
            org.springframework.web.reactive.function.server.RouterFunction<?> webfluxSseServerRouterFunction(
                    SseHttpEndpoint endpoint, McpServerSseProperties sse) {
                return ReactiveEndpoint.route(sse.getSseEndpoint(), sse.getSseMessageEndpoint(), endpoint);
            }
        }
    }
}
