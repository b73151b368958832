package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.AsyncStatelessTransport.StatelessExchange;
import io.asyncmcp.server.transport.Connection;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.Heartbeats;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStdioDisabledCondition;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerStreamableHttpProperties;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcStatelessServerTransport;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcStreamableServerTransportProvider;
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
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * Auto-configuration for MCP over WebMVC: Spring AI's transports, with what its auto-configuration leaves out.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = AsyncMcpServerAutoConfiguration.class,
        beforeName = {
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStreamableHttpWebMvcAutoConfiguration",
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStatelessWebMvcAutoConfiguration"
        })
@ConditionalOnClass({WebMvcStreamableServerTransportProvider.class, McpServerStreamableHttpProperties.class})
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBean(AsyncMcpStartupCheck.class)
@EnableConfigurationProperties({McpServerStreamableHttpProperties.class, RequestProperties.class})
public final class AsyncMcpWebMvcAutoConfiguration {

    @Bean
    WebMvcProtocolErrors asyncMcpWebMvcProtocolErrors(
            @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
            AsyncMcpProperties properties,
            RequestProperties requests) {
        return new WebMvcProtocolErrors(new ProtocolErrors(mapper, requests.toRequestBodies(properties.limits())));
    }

    @Bean
    WebMvcInitialize asyncMcpWebMvcInitialize(Dialects dialects) {
        return new WebMvcInitialize(dialects);
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional({
        McpServerStdioDisabledCondition.class,
        McpServerAutoConfiguration.EnabledStreamableServerCondition.class
    })
    static class Streamable {

        @Bean
        @ConditionalOnMissingBean
        WebMvcStreamableServerTransportProvider webMvcStreamableServerTransportProvider(
                @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                McpServerStreamableHttpProperties http,
                ServerTransportSecurityValidator validator) {
            return WebMvcStreamableServerTransportProvider.builder()
                    .jsonMapper(new JacksonMcpJsonMapper(mapper))
                    .mcpEndpoint(http.getMcpEndpoint())
                    .keepAliveInterval(http.getKeepAliveInterval())
                    .disallowDelete(http.isDisallowDelete())
                    .contextExtractor(request -> context(request, Connection.key()))
                    .securityValidator(validator)
                    .build();
        }

        @Bean
        @ConditionalOnMissingBean(name = "webMvcStreamableServerRouterFunction")
        RouterFunction<ServerResponse> webMvcStreamableServerRouterFunction(
                WebMvcStreamableServerTransportProvider transport,
                WebMvcProtocolErrors errors,
                ObjectProvider<WebMvcEndpoint> endpoints,
                WebMvcInitialize initialize,
                Heartbeats heartbeats,
                SessionOwners owners) {
            return transport
                    .getRouterFunction()
                    .filter(new WebMvcHeartbeats(heartbeats))
                    .filter(errors.with(endpoints.orderedStream().toList()))
                    .filter(initialize)
                    .filter(errors.sessions(owners))
                    .filter(new WebMvcConnections(Clock.systemUTC()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional({
        McpServerStdioDisabledCondition.class,
        McpServerStatelessAutoConfiguration.EnabledStatelessServerCondition.class
    })
    static class Stateless {

        /** The transport answers JSON alone, so that the whole wait fits into one asynchronous response. */
        private static final Duration LONGER_THAN_ANY_WAIT = Duration.ofHours(1);

        @Bean
        @ConditionalOnMissingBean
        WebMvcStatelessServerTransport webMvcStatelessServerTransport(
                @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                McpServerStreamableHttpProperties http,
                ServerTransportSecurityValidator validator) {
            return WebMvcStatelessServerTransport.builder()
                    .jsonMapper(new JacksonMcpJsonMapper(mapper))
                    .messageEndpoint(http.getMcpEndpoint())
                    .contextExtractor(request -> context(request, StatelessExchange.key()))
                    .securityValidator(validator)
                    .build();
        }

        @Bean
        @ConditionalOnMissingBean(name = "webMvcStatelessServerRouterFunction")
        RouterFunction<ServerResponse> webMvcStatelessServerRouterFunction(
                WebMvcStatelessServerTransport transport,
                @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
                WebMvcProtocolErrors errors,
                ObjectProvider<WebMvcEndpoint> endpoints) {
            McpJsonMapper json = new JacksonMcpJsonMapper(mapper);
            WebMvcProtocolErrors first = errors.with(endpoints.orderedStream().toList());
            return transport.getRouterFunction().filter(first).filter((request, next) -> {
                StatelessExchange exchange = new StatelessExchange();
                request.attributes().put(StatelessExchange.key(), exchange);
                ServerResponse response = next.handle(request);
                return exchange.deferred() == null
                        ? response
                        : ServerResponse.async(StatelessReplies.json(exchange, json), LONGER_THAN_ANY_WAIT);
            });
        }
    }

    /** Who calls, and what a filter of ours has put into the request. */
    private static McpTransportContext context(ServerRequest request, String attribute) {
        Map<String, Object> entries = WebMvcEndpoint.caller(request);
        request.attribute(attribute).ifPresent(value -> entries.put(attribute, value));
        return McpTransportContext.create(entries);
    }
}
