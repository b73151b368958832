package io.asyncmcp.server.tool;

import io.asyncmcp.server.exchange.DetachedExchange;
import org.jspecify.annotations.Nullable;

/**
 * What a tool does: a handler or an annotated method, whatever the kind of server.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ToolBody {

    /** Runs the tool; returns a {@code CallToolResult}, or a {@code Mono} of one. */
    @Nullable
    Object run(DetachedExchange exchange) throws Exception;
}
