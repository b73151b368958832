package io.asyncmcp.server.exchange;

import io.asyncmcp.InputRequest;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says which questions a client can be asked.
 *
 * @since 0.1.0
 */
public final class Capabilities {

    private Capabilities() {}

    /** Tells whether a client can be asked: not if its capabilities are not known. */
    public static boolean canAnswer(@Nullable ClientCapabilities capabilities, InputRequest input) {
        if (capabilities == null) {
            return false;
        }
        return switch (input.method()) {
            case McpSchema.METHOD_ELICITATION_CREATE -> canElicit(capabilities, input.params());
            case McpSchema.METHOD_SAMPLING_CREATE_MESSAGE -> capabilities.sampling() != null;
            case McpSchema.METHOD_ROOTS_LIST -> capabilities.roots() != null;
            default -> false;
        };
    }

    /** An empty elicitation capability means forms. */
    static boolean canElicit(@Nullable ClientCapabilities capabilities, @Nullable Object params) {
        ClientCapabilities.Elicitation elicitation = capabilities == null ? null : capabilities.elicitation();
        if (elicitation == null) {
            return false;
        }
        return isUrl(params) ? elicitation.url() != null : elicitation.form() != null || elicitation.url() == null;
    }

    /** Tools may make the params by hand. */
    private static boolean isUrl(@Nullable Object params) {
        return params instanceof McpSchema.ElicitUrlRequest
                || params instanceof Map<?, ?> object && "url".equals(object.get("mode"));
    }

    /** Returns the capabilities, as JSON, that a client has to declare to be asked. */
    public static Map<String, Object> required(String method, @Nullable Object params) {
        return switch (method) {
            case McpSchema.METHOD_SAMPLING_CREATE_MESSAGE -> Map.of("sampling", Map.of());
            case McpSchema.METHOD_ROOTS_LIST -> Map.of("roots", Map.of());
            default -> Map.of("elicitation", isUrl(params) ? Map.of("url", Map.of()) : Map.of());
        };
    }
}
