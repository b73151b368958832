package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.question.InputAnswers;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import java.io.InputStream;
import java.io.OutputStream;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Auto-configuration for MCP over stdio: the SDK's transport behind a reader that survives lines which are no messages.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = AsyncMcpTransportAutoConfiguration.class, before = McpServerAutoConfiguration.class)
@ConditionalOnClass({McpServerAutoConfiguration.class, StdioServerTransportProvider.class})
@ConditionalOnBean(InputAnswers.class)
@Conditional(McpServerAutoConfiguration.NonStatelessServerCondition.class)
@EnableConfigurationProperties(RequestProperties.class)
public final class AsyncMcpStdioAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(McpServerTransportProviderBase.class)
    McpServerTransportProviderBase stdioServerTransport(
            @Qualifier("mcpServerJsonMapper") JsonMapper mapper,
            AsyncMcpProperties properties,
            RequestProperties requests) {
        JacksonMcpJsonMapper json = new JacksonMcpJsonMapper(mapper);
        OutputStream out = System.out;
        InputStream in = new StdioMessages(System.in, out, json, requests.toRequestBodies(properties.limits(), 1));
        return new StdioServerTransportProvider(json, in, out);
    }
}
