package io.asyncmcp.server;

import io.asyncmcp.OperationOwner;
import io.modelcontextprotocol.common.McpTransportContext;
import org.jspecify.annotations.Nullable;

/**
 * Says on whose behalf a client's request acts.
 *
 * <p>Called where the request comes in. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface OperationOwnerResolver {

    /**
     * The transport context's key for the name of the authenticated principal. The transports we set up always have an
     * entry: an {@code Optional<String>}, empty for an anonymous caller.
     */
    String PRINCIPAL_KEY = "io.asyncmcp.principal";

    /** The transport context's key for the address that a request comes from, a {@code String}, where it is known. */
    String ADDRESS_KEY = "io.asyncmcp.address";

    /**
     * Resolves the owner.
     *
     * @param context the request's transport context
     * @param sessionId the client's session, or {@code null} on a stateless transport
     * @return the owner
     * @throws SecurityException if the caller must be known and is not
     */
    OperationOwner resolve(McpTransportContext context, @Nullable String sessionId);
}
