package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Connection;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.Heartbeats;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import java.util.Map;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStdioDisabledCondition;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerStreamableHttpProperties;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxStatelessServerTransport;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxStreamableServerTransportProvider;
import org.springframework.beans.factory.ObjectProvider;
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
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import tools.jackson.databind.json.JsonMapper;

/**
 * Auto-configuration for MCP over WebFlux: Spring AI's transports, with what its auto-configuration leaves out.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = AsyncMcpServerAutoConfiguration.class,
        beforeName = {
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStreamableHttpWebFluxAutoConfiguration",
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStatelessWebFluxAutoConfiguration"
        })
@ConditionalOnClass({WebFluxStreamableServerTransportProvider.class, McpServerStreamableHttpProperties.class})
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnBean(AsyncMcpStartupCheck.class)
@EnableConfigurationProperties({McpServerStreamableHttpProperties.class, RequestProperties.class})
public final class AsyncMcpWebFluxAutoConfiguration {

    @Bean
    WebFluxProtocolErrors asyncMcpWebFluxProtocolErrors(
            @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
            AsyncMcpProperties properties,
            RequestProperties requests) {
        return new WebFluxProtocolErrors(new ProtocolErrors(mapper, requests.toRequestBodies(properties.limits())));
    }

    @Bean
    WebFluxInitialize asyncMcpWebFluxInitialize(Dialects dialects) {
        return new WebFluxInitialize(dialects);
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional({
        McpServerStdioDisabledCondition.class,
        McpServerAutoConfiguration.EnabledStreamableServerCondition.class
    })
    static class Streamable {

        @Bean
        @ConditionalOnMissingBean
        WebFluxStreamableServerTransportProvider webFluxStreamableServerTransportProvider(
                @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                McpServerStreamableHttpProperties http,
                ServerTransportSecurityValidator validator) {
            return WebFluxStreamableServerTransportProvider.builder()
                    .jsonMapper(new JacksonMcpJsonMapper(mapper))
                    .messageEndpoint(http.getMcpEndpoint())
                    .keepAliveInterval(http.getKeepAliveInterval())
                    .disallowDelete(http.isDisallowDelete())
                    .contextExtractor(AsyncMcpWebFluxAutoConfiguration::context)
                    .securityValidator(validator)
                    .build();
        }

        @Bean
        @ConditionalOnMissingBean(name = "webFluxStreamableServerRouterFunction")
        RouterFunction<?> webFluxStreamableServerRouterFunction(
                WebFluxStreamableServerTransportProvider transport,
                WebFluxProtocolErrors errors,
                ObjectProvider<WebFluxEndpoint> endpoints,
                WebFluxInitialize initialize,
                Heartbeats heartbeats,
                SessionOwners owners) {
            return errors.with(endpoints.orderedStream().toList())
                    .around(new WebFluxHeartbeats(heartbeats).around(transport.getRouterFunction()))
                    .filter(initialize)
                    .filter(new WebFluxConnections())
                    .filter(errors.sessions(owners));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional({
        McpServerStdioDisabledCondition.class,
        McpServerStatelessAutoConfiguration.EnabledStatelessServerCondition.class
    })
    static class Stateless {

        @Bean
        @ConditionalOnMissingBean
        WebFluxStatelessServerTransport webFluxStatelessServerTransport(
                @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                McpServerStreamableHttpProperties http,
                ServerTransportSecurityValidator validator) {
            return WebFluxStatelessServerTransport.builder()
                    .jsonMapper(new JacksonMcpJsonMapper(mapper))
                    .messageEndpoint(http.getMcpEndpoint())
                    .contextExtractor(AsyncMcpWebFluxAutoConfiguration::context)
                    .securityValidator(validator)
                    .build();
        }

        @Bean
        @ConditionalOnMissingBean(name = "webFluxStatelessServerRouterFunction")
        RouterFunction<?> webFluxStatelessServerRouterFunction(
                WebFluxStatelessServerTransport transport,
                WebFluxProtocolErrors errors,
                ObjectProvider<WebFluxEndpoint> endpoints) {
            return errors.with(endpoints.orderedStream().toList()).around(transport.getRouterFunction());
        }
    }

    private static McpTransportContext context(ServerRequest request) {
        Map<String, Object> entries = WebFluxEndpoint.caller(request);
        request.attribute(Connection.key()).ifPresent(connection -> entries.put(Connection.key(), connection));
        return McpTransportContext.create(entries);
    }
}
