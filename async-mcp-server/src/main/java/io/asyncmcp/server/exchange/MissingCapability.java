package io.asyncmcp.server.exchange;

import io.modelcontextprotocol.spec.McpError;
import java.util.Map;

/**
 * What happens if a tool asks a client for something that the client has not said it can do. Without one in the transport
 * context of the call it is up to the SDK.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface MissingCapability {

    /** Where to find it in the transport context. */
    String KEY = MissingCapability.class.getName();

    /**
     * Notes that a capability is missing.
     *
     * @param required what the client would have had to declare
     * @return what the tool gets in the place of an answer
     */
    McpError missing(Map<String, Object> required);
}
