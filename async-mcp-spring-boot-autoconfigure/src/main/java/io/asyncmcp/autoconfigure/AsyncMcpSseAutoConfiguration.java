package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Heartbeats;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStdioDisabledCondition;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerSseProperties;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxSseServerTransportProvider;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcSseServerTransportProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.json.JsonMapper;

/**
 * Auto-configuration for MCP over the deprecated SSE transport, which is Spring AI's default: its transports, with what
 * its auto-configuration leaves out.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = AsyncMcpServerAutoConfiguration.class,
        before = AsyncMcpTransportAutoConfiguration.class,
        beforeName = {
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerSseWebMvcAutoConfiguration",
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerSseWebFluxAutoConfiguration"
        })
@ConditionalOnClass(McpServerSseProperties.class)
@ConditionalOnBean(AsyncMcpStartupCheck.class)
@ConditionalOnMissingBean(McpServerTransportProvider.class)
@EnableConfigurationProperties({McpServerSseProperties.class, RequestProperties.class})
@SuppressWarnings("removal")
public final class AsyncMcpSseAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @Conditional({McpServerStdioDisabledCondition.class, McpServerAutoConfiguration.EnabledSseServerCondition.class})
    @ConditionalOnClass(WebMvcSseServerTransportProvider.class)
    @ConditionalOnWebApplication(type = Type.SERVLET)
    @Import(UnsetProtocolWarning.class)
    static class WebMvc {

        @Bean
        WebMvcSseServerTransportProvider webMvcSseServerTransportProvider(
                @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                McpServerSseProperties sse,
                ServerTransportSecurityValidator validator) {
            return WebMvcSseServerTransportProvider.builder()
                    .jsonMapper(new JacksonMcpJsonMapper(mapper))
                    .baseUrl(sse.getBaseUrl())
                    .sseEndpoint(sse.getSseEndpoint())
                    .messageEndpoint(sse.getSseMessageEndpoint())
                    .keepAliveInterval(sse.getKeepAliveInterval())
                    .contextExtractor(request -> McpTransportContext.create(PrincipalContext.from(
                            request.servletRequest().getRemoteAddr(),
                            PrincipalContext.of(request.principal().orElse(null)))))
                    .securityValidator(validator)
                    .build();
        }

        @Bean
        @ConditionalOnMissingBean(name = "webMvcSseServerRouterFunction")
        org.springframework.web.servlet.function.RouterFunction<org.springframework.web.servlet.function.ServerResponse>
                webMvcSseServerRouterFunction(
                        WebMvcSseServerTransportProvider transport,
                        @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                        AsyncMcpProperties properties,
                        RequestProperties requests,
                        Heartbeats heartbeats,
                        SessionOwners owners) {
            WebMvcProtocolErrors errors =
                    new WebMvcProtocolErrors(new ProtocolErrors(mapper, requests.toRequestBodies(properties.limits())));
            return transport
                    .getRouterFunction()
                    .filter(new WebMvcHeartbeats(heartbeats))
                    .filter(errors)
                    .filter(errors.sessions(owners));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional({McpServerStdioDisabledCondition.class, McpServerAutoConfiguration.EnabledSseServerCondition.class})
    @ConditionalOnClass(WebFluxSseServerTransportProvider.class)
    @ConditionalOnWebApplication(type = Type.REACTIVE)
    @Import(UnsetProtocolWarning.class)
    static class WebFlux {

        @Bean
        WebFluxSseServerTransportProvider webFluxTransport(
                @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                McpServerSseProperties sse,
                ServerTransportSecurityValidator validator) {
            return WebFluxSseServerTransportProvider.builder()
                    .jsonMapper(new JacksonMcpJsonMapper(mapper))
                    .basePath(sse.getBaseUrl())
                    .sseEndpoint(sse.getSseEndpoint())
                    .messageEndpoint(sse.getSseMessageEndpoint())
                    .keepAliveInterval(sse.getKeepAliveInterval())
                    .contextExtractor(request -> McpTransportContext.create(PrincipalContext.from(
                            WebFluxProtocolErrors.address(request), PrincipalContext.of(request.principal()))))
                    .securityValidator(validator)
                    .build();
        }

        @Bean
        @ConditionalOnMissingBean(name = "webfluxSseServerRouterFunction")
        org.springframework.web.reactive.function.server.RouterFunction<?> webfluxSseServerRouterFunction(
                WebFluxSseServerTransportProvider transport,
                @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                AsyncMcpProperties properties,
                RequestProperties requests,
                Heartbeats heartbeats,
                SessionOwners owners) {
            WebFluxProtocolErrors errors = new WebFluxProtocolErrors(
                    new ProtocolErrors(mapper, requests.toRequestBodies(properties.limits())));
            return errors.around(new WebFluxHeartbeats(heartbeats).around(transport.getRouterFunction()))
                    .filter(errors.sessions(owners));
        }
    }
}
