package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.tool.AsyncTools;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import java.util.List;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration that adds our tools to the server's: those defined by {@code @AsyncTool} and the generated ones.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = AsyncMcpServerAutoConfiguration.class,
        before = {McpServerAutoConfiguration.class, McpServerStatelessAutoConfiguration.class})
@ConditionalOnClass(McpServerAutoConfiguration.class)
@ConditionalOnBean(AsyncTools.class)
public final class AsyncMcpToolsAutoConfiguration {

    private static final String TYPE = "spring.ai.mcp.server.type";

    @Configuration(proxyBeanMethods = false)
    @Conditional(McpServerAutoConfiguration.NonStatelessServerCondition.class)
    static class WithSessions {

        @Bean
        @ConditionalOnProperty(name = TYPE, havingValue = "SYNC", matchIfMissing = true)
        List<McpServerFeatures.SyncToolSpecification> asyncMcpToolSpecifications(AsyncTools tools) {
            return tools.syncTools();
        }

        @Bean
        @ConditionalOnProperty(name = TYPE, havingValue = "ASYNC")
        List<McpServerFeatures.AsyncToolSpecification> asyncMcpReactiveToolSpecifications(AsyncTools tools) {
            return tools.asyncTools();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional(McpServerStatelessAutoConfiguration.EnabledStatelessServerCondition.class)
    static class Stateless {

        @Bean
        @ConditionalOnProperty(name = TYPE, havingValue = "SYNC", matchIfMissing = true)
        List<McpStatelessServerFeatures.SyncToolSpecification> asyncMcpToolSpecifications(AsyncTools tools) {
            return tools.statelessSyncTools();
        }

        @Bean
        @ConditionalOnProperty(name = TYPE, havingValue = "ASYNC")
        List<McpStatelessServerFeatures.AsyncToolSpecification> asyncMcpReactiveToolSpecifications(AsyncTools tools) {
            return tools.statelessAsyncTools();
        }
    }
}
