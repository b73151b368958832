package io.asyncmcp.autoconfigure;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.tool.AsyncToolCatalog;
import io.asyncmcp.server.tool.AsyncTools;
import io.asyncmcp.server.tool.ToolBeans;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpStatelessAsyncServer;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.McpSyncServer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/** Gives the server the tools that were found after it had been made, fails about what cannot work, and says what there is. */
final class AsyncMcpStartupCheck implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(AsyncMcpStartupCheck.class);

    private final AsyncTools tools;

    private final AsyncToolCatalog catalog;

    private final ToolBeans beans;

    private final AsyncExecutor executor;

    private final ExecutorConfig config;

    private final BeanFactory servers;

    AsyncMcpStartupCheck(
            AsyncTools tools,
            AsyncToolCatalog catalog,
            ToolBeans beans,
            AsyncExecutor executor,
            ExecutorConfig config,
            BeanFactory servers) {
        this.tools = tools;
        this.catalog = catalog;
        this.beans = beans;
        this.executor = executor;
        this.config = config;
        this.servers = servers;
    }

    @Override
    public void afterSingletonsInstantiated() {
        addLateTools();
        tools.validate();
        beans.onMade(this::addToolsOfLazyBean);
        logger.info(
                "{} asynchronous tools, with how long a call waits at most: {}. Operations are kept in {}.",
                catalog.asynchronousTools().size(),
                catalog.asynchronousTools().entrySet().stream()
                        .map(tool -> tool.getKey() + " " + wait(tool.getValue()))
                        .toList(),
                executor.storeDescription());
    }

    private String wait(AsyncToolSettings settings) {
        Duration timeout = settings.timeout() == null ? config.defaultTimeout() : settings.timeout();
        Duration wait = timeout.compareTo(config.maxWait()) < 0 ? timeout : config.maxWait();
        return DurationFormatterUtils.print(wait, DurationFormat.Style.COMPOSITE);
    }

    private void addLateTools() {
        servers.getBeanProvider(McpSyncServer.class).ifAvailable(tools::addLate);
        servers.getBeanProvider(McpAsyncServer.class).ifAvailable(tools::addLate);
        servers.getBeanProvider(McpStatelessSyncServer.class).ifAvailable(tools::addLate);
        servers.getBeanProvider(McpStatelessAsyncServer.class).ifAvailable(tools::addLate);
    }

    /** The code that asked for the bean cannot help it that its tools are none. */
    private void addToolsOfLazyBean() {
        try {
            addLateTools();
        } catch (RuntimeException e) {
            logger.error("A bean was made after the start, and its tools cannot be added to the server", e);
        }
    }
}
