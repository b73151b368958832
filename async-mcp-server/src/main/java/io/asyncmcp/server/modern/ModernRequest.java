package io.asyncmcp.server.modern;

import io.asyncmcp.OperationOwner;
import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.common.McpTransportContext;
import java.util.Map;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A request that is what the protocol says it should be.
 *
 * @param id its JSON-RPC id
 * @param method its method
 * @param params its params
 * @param meta what it says about its client
 * @param owner on whose behalf it acts
 * @param context the transport context
 * @param channel the way back
 * @param snapshot what was in the context of the request's thread or reactive chain
 * @param view the context of the request's reactive chain
 */
record ModernRequest(
        Object id,
        String method,
        Map<String, Object> params,
        RequestMeta meta,
        OperationOwner owner,
        McpTransportContext context,
        Channel channel,
        ContextSnapshot snapshot,
        ContextView view) {

    /** What is open for long keeps no more than it needs: no other params, and nothing of the reactive chain. */
    ModernRequest keeping(Map<String, Object> newParams) {
        return new ModernRequest(id, method, newParams, meta, owner, context, channel, snapshot, Context.empty());
    }
}
