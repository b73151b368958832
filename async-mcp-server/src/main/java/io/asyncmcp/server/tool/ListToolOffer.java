package io.asyncmcp.server.tool;

import io.asyncmcp.OperationOwner;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.transport.Dialect;
import io.asyncmcp.server.transport.IncomingRequest;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the tool that lists operations out of {@code tools/list} for anonymous callers without a session: nothing ties their
 * requests together, so that each would find nothing. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ListToolOffer implements Dialect {

    private final @Nullable String listTool;

    private final OperationOwnerResolver owners;

    /** Creates it; {@code listTool} is {@code null} if no tool lists operations. */
    public ListToolOffer(@Nullable String listTool, OperationOwnerResolver owners) {
        this.listTool = listTool;
        this.owners = owners;
    }

    @Override
    public Handling handle(IncomingRequest request) {
        String tool = listTool;
        if (tool == null
                || !request.request().method().equals(McpSchema.METHOD_TOOLS_LIST)
                || request.session().id() != null
                || canList(request.context())) {
            return Handling.AS_IT_IS;
        }
        return new Handling() {
            @Override
            public Object outgoing(Object result) {
                return without(tool, result);
            }
        };
    }

    private boolean canList(McpTransportContext context) {
        try {
            return canList(owners.resolve(context, null));
        } catch (SecurityException e) {
            return false;
        }
    }

    /** Tells whether a caller without a session can have a list: not if it is anonymous. */
    public static boolean canList(OperationOwner owner) {
        return switch (owner.kind()) {
            case PRINCIPAL, APPLICATION -> true;
            case SESSION, ANONYMOUS -> false;
        };
    }

    /** Returns a result of {@code tools/list} without a tool, and any other result as it is. */
    public static Object without(String tool, Object result) {
        return result instanceof ListToolsResult listed
                        && listed.tools().stream().anyMatch(each -> each.name().equals(tool))
                ? new ListToolsResult(
                        listed.tools().stream()
                                .filter(each -> !each.name().equals(tool))
                                .toList(),
                        listed.nextCursor(),
                        listed.meta())
                : result;
    }

    @Override
    public void initialized(Map<String, Object> result, McpTransportContext context, boolean onlyClient) {
        // What is offered is in the list alone.
    }
}
