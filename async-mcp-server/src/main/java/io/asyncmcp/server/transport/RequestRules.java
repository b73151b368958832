package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the params of requests look like. The SDK finds out when it converts them, and what it answers then depends on its
 * version: a server error, or nothing at all.
 */
public final class RequestRules {

    /** What clients are told whose params do not fit. */
    public static final String MISFIT = "The params do not fit the method. Check their names and types.";

    private RequestRules() {}

    /** Tells whether the params of a request cannot be those of its method. */
    static boolean isMisfit(JSONRPCRequest request) {
        return isMisfit(request.method(), request.params());
    }

    /**
     * Tells whether params cannot be those of a method.
     *
     * @param method the method
     * @param params the params, or {@code null}
     * @return {@code true} if the SDK could not read them
     */
    public static boolean isMisfit(String method, @Nullable Object params) {
        if (params != null && !(params instanceof Map<?, ?>)) {
            return true;
        }
        Map<?, ?> object = params == null ? Map.of() : (Map<?, ?>) params;
        return !isObjectOrAbsent(object.get("_meta"))
                || switch (method) {
                    case McpSchema.METHOD_TOOLS_CALL, McpSchema.METHOD_PROMPT_GET ->
                        !(object.get("name") instanceof String) || !isArguments(object.get("arguments"));
                    case McpSchema.METHOD_RESOURCES_READ -> !(object.get("uri") instanceof String);
                    case McpSchema.METHOD_TOOLS_LIST,
                            McpSchema.METHOD_PROMPT_LIST,
                            McpSchema.METHOD_RESOURCES_LIST,
                            McpSchema.METHOD_RESOURCES_TEMPLATES_LIST ->
                        object.get("cursor") instanceof Map<?, ?> || object.get("cursor") instanceof List<?>;
                    case McpSchema.METHOD_COMPLETION_COMPLETE ->
                        !isReference(object.get("ref"))
                                || !isArgument(object.get("argument"))
                                || !isContext(object.get("context"));
                    default -> false;
                };
    }

    private static boolean isReference(@Nullable Object ref) {
        return ref instanceof Map<?, ?> object
                && object.get("type") instanceof String type
                && isStringOrAbsent(object.get("title"))
                && switch (type) {
                    case "ref/prompt" -> object.get("name") instanceof String;
                    case "ref/resource" -> object.get("uri") instanceof String;
                    default -> true;
                };
    }

    private static boolean isArgument(@Nullable Object argument) {
        return argument instanceof Map<?, ?> object
                && object.get("name") instanceof String name
                && SdkLogs.isPrintable(name)
                && object.get("value") instanceof String;
    }

    /** The SDK logs the names of arguments that it does not know, as they are. */
    private static boolean isArguments(@Nullable Object arguments) {
        return arguments == null
                || arguments instanceof Map<?, ?> named
                        && named.keySet().stream().allMatch(name -> SdkLogs.isPrintable(String.valueOf(name)));
    }

    private static boolean isContext(@Nullable Object context) {
        return context == null || context instanceof Map<?, ?> object && isObjectOrAbsent(object.get("arguments"));
    }

    private static boolean isStringOrAbsent(@Nullable Object value) {
        return value == null || value instanceof String;
    }

    private static boolean isObjectOrAbsent(@Nullable Object value) {
        return value == null || value instanceof Map<?, ?>;
    }
}
