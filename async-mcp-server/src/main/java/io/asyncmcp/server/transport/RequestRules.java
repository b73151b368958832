package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the params of requests look like. The SDK finds out when it converts them, and what it answers then depends on its
 * version: a server error, or nothing at all.
 */
final class RequestRules {

    private RequestRules() {}

    /** Tells whether the params of a request cannot be those of its method. */
    static boolean isMisfit(JSONRPCRequest request) {
        Object params = request.params();
        if (params != null && !(params instanceof Map<?, ?>)) {
            return true;
        }
        Map<?, ?> object = params == null ? Map.of() : (Map<?, ?>) params;
        return !isObjectOrAbsent(object.get("_meta"))
                || switch (request.method()) {
                    case McpSchema.METHOD_TOOLS_CALL, McpSchema.METHOD_PROMPT_GET ->
                        !(object.get("name") instanceof String) || !isObjectOrAbsent(object.get("arguments"));
                    case McpSchema.METHOD_RESOURCES_READ -> !(object.get("uri") instanceof String);
                    default -> false;
                };
    }

    private static boolean isObjectOrAbsent(@Nullable Object value) {
        return value == null || value instanceof Map<?, ?>;
    }
}
