package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.DetachedExchange;
import org.jspecify.annotations.Nullable;

/**
 * What a tool does: a specification's handler or an annotated method, without the server's kind.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ToolBody {

    /**
     * Runs the tool.
     *
     * @param exchange what the tool sees of its client
     * @return a {@code CallToolResult}, or a {@code Mono} of one
     * @throws Exception as the tool does
     */
    @Nullable
    Object run(DetachedExchange exchange) throws Exception;
}
