package io.asyncmcp.server;

import io.asyncmcp.OperationOwner;
import io.modelcontextprotocol.common.McpTransportContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes the authenticated principal for the owner, and the session where there is none. Thread-safe.
 *
 * @since 0.1.0
 */
public final class PrincipalOwnerResolver implements OperationOwnerResolver {

    private final boolean principalExpected;

    /**
     * Creates it.
     *
     * @param principalExpected whether to refuse a request whose transport did not say who the caller is; for
     *     applications that are secured, where nobody must pass for anonymous by accident
     */
    public PrincipalOwnerResolver(boolean principalExpected) {
        this.principalExpected = principalExpected;
    }

    @Override
    public OperationOwner resolve(McpTransportContext context, @Nullable String sessionId) {
        Object principal = context.get(PRINCIPAL_KEY);
        if (principal instanceof Optional<?> known) {
            return known.map(name -> OperationOwner.principal(name.toString()))
                    .orElseGet(() -> anonymous(sessionId, context));
        }
        if (principalExpected) {
            throw new SecurityException("the caller is not known: the MCP transport must put " + PRINCIPAL_KEY
                    + " into its context, which a context extractor of your own has to do too");
        }
        return anonymous(sessionId, context);
    }

    private static OperationOwner anonymous(@Nullable String sessionId, McpTransportContext context) {
        // Without a session nothing ties two requests together, so that no two of them may share an owner.
        OperationOwner owner = sessionId == null || sessionId.isBlank()
                ? OperationOwner.anonymous()
                : OperationOwner.session(sessionId);
        return owner.from(context.get(ADDRESS_KEY) instanceof String address ? address : null);
    }
}
