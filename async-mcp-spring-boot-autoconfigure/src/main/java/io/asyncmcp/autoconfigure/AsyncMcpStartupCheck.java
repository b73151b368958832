package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.tool.AsyncTools;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;

/** Fails or warns at start-up about what cannot work, when every tool is known. */
final class AsyncMcpStartupCheck implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(AsyncMcpStartupCheck.class);

    private static final String PROTOCOL = "spring.ai.mcp.server.protocol";

    private final AsyncTools tools;

    private final Environment environment;

    AsyncMcpStartupCheck(AsyncTools tools, Environment environment) {
        this.tools = tools;
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        tools.validate(name -> false);
        boolean stdio = environment.getProperty("spring.ai.mcp.server.stdio", Boolean.class, false);
        boolean web = environment.containsProperty("local.server.port")
                || !"none".equals(environment.getProperty("spring.main.web-application-type"));
        if (!stdio && web && !environment.containsProperty(PROTOCOL)) {
            logger.warn(
                    "{} is not set, so that the MCP server uses the deprecated SSE transport and /mcp answers 404."
                            + " Set it to STREAMABLE.",
                    PROTOCOL);
        }
    }
}
