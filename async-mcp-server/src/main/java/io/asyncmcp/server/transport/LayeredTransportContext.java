package io.asyncmcp.server.transport;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * A transport context with entries of ours on top of another one's. Immutable.
 *
 * @since 0.1.0
 */
public final class LayeredTransportContext implements McpTransportContext {

    private final McpTransportContext below;

    private final Map<String, Object> entries;

    /**
     * Puts entries on top of a context.
     *
     * @param below the context to look in for everything else
     * @param entries our entries
     */
    public LayeredTransportContext(McpTransportContext below, Map<String, Object> entries) {
        this.below = below;
        this.entries = Map.copyOf(entries);
    }

    /** Returns the transport context of a request's reactive chain, empty if there is none. */
    static McpTransportContext in(ContextView view) {
        Object context = view.getOrDefault(McpTransportContext.KEY, null);
        return context instanceof McpTransportContext present ? present : McpTransportContext.EMPTY;
    }

    @Override
    public @Nullable Object get(String key) {
        Object own = entries.get(key);
        return own != null ? own : below.get(key);
    }
}
