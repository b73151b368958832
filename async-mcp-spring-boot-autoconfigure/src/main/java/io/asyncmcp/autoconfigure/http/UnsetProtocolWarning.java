package io.asyncmcp.autoconfigure.http;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Warns about a server that got the deprecated SSE transport only because nobody said otherwise. */
final class UnsetProtocolWarning implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(UnsetProtocolWarning.class);

    private static final String PROTOCOL = "spring.ai.mcp.server.protocol";

    private final Environment environment;

    UnsetProtocolWarning(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void afterSingletonsInstantiated() {
        // An environment variable that is not there often comes as an empty text.
        if (!StringUtils.hasText(environment.getProperty(PROTOCOL))) {
            logger.warn(
                    "{} is not set, so that the MCP server uses the deprecated SSE transport and /mcp answers 404."
                            + " Set it to STREAMABLE.",
                    PROTOCOL);
        }
    }
}
