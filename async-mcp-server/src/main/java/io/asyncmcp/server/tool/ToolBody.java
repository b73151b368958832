package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.DetachedExchange;
import org.jspecify.annotations.Nullable;

/** What a tool does: a specification's handler or an annotated method, without the server's kind. */
@FunctionalInterface
interface ToolBody {

    /**
     * Runs the tool.
     *
     * @return a {@code CallToolResult}, or a {@code Mono} of one
     */
    @Nullable
    Object run(DetachedExchange exchange) throws Exception;
}
