package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.AsyncTool;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration that says what is missing where asynchronous tools are switched off.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass({AsyncTool.class, McpTool.class, Tool.class})
@ConditionalOnProperty(prefix = "async.mcp", name = "enabled", havingValue = "false")
public final class AsyncMcpDisabledAutoConfiguration {

    @Bean
    MissingToolsWarning asyncMcpMissingToolsWarning(ListableBeanFactory beans) {
        return new MissingToolsWarning(beans);
    }
}
