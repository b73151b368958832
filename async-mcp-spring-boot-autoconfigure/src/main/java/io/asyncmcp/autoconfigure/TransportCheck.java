package io.asyncmcp.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * Says why clients cannot reach the server. Spring AI makes no server at all for a protocol that it does not know, and one that
 * reads standard input where there is no HTTP transport, both without a word.
 */
final class TransportCheck implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(TransportCheck.class);

    private static final String PROTOCOL = "spring.ai.mcp.server.protocol";

    private static final String STDIO = "spring.ai.mcp.server.stdio";

    private static final List<String> PROTOCOLS = List.of("STREAMABLE", "STATELESS", "SSE");

    /** The name of Spring AI's transport, which is there if there is no other, and of ours in its place. */
    private static final String STDIO_TRANSPORT = "stdioServerTransport";

    private final BeanFactory beans;

    private final Environment environment;

    private final boolean web;

    TransportCheck(BeanFactory beans, Environment environment, boolean web) {
        this.beans = beans;
        this.environment = environment;
        this.web = web;
    }

    @Override
    public void afterSingletonsInstantiated() {
        String protocol = environment.getProperty(PROTOCOL);
        if (protocol != null && PROTOCOLS.stream().noneMatch(protocol::equalsIgnoreCase)) {
            throw new InvalidConfigurationPropertyValueException(
                    PROTOCOL,
                    protocol,
                    "It must be one of " + PROTOCOLS + ", or the application has no MCP server."
                            + (protocol.isBlank() ? " It is empty: an environment variable may be missing." : ""));
        }
        String warning = warning();
        if (warning != null) {
            logger.warn("{}", warning);
        }
    }

    private @Nullable String warning() {
        boolean stdio = Boolean.TRUE.equals(environment.getProperty(STDIO, Boolean.class));
        if (stdio) {
            return web
                    ? STDIO
                            + " is true, so that the MCP server reads standard input and /mcp answers 404, although this is"
                            + " a web application. Remove the setting to serve HTTP."
                    : null;
        }
        if (!beans.containsBean(STDIO_TRANSPORT)) {
            return null;
        }
        String cause = web
                ? "There is no HTTP transport, so that the MCP server reads standard input and /mcp answers 404."
                : "This is no web application, so that the MCP server reads standard input.";
        return cause
                + " Add spring-ai-starter-mcp-server-webmvc or spring-ai-starter-mcp-server-webflux to serve HTTP, or"
                + " set " + STDIO + "=true if standard input is meant.";
    }
}
