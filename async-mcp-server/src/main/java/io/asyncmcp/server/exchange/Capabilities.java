package io.asyncmcp.server.exchange;

import io.asyncmcp.InputRequest;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import org.jspecify.annotations.Nullable;

/** Says which questions a client can be asked. */
final class Capabilities {

    private Capabilities() {}

    static boolean canAnswer(@Nullable ClientCapabilities capabilities, InputRequest input) {
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
    private static boolean canElicit(ClientCapabilities capabilities, @Nullable Object params) {
        ClientCapabilities.Elicitation elicitation = capabilities.elicitation();
        if (elicitation == null) {
            return false;
        }
        return params instanceof McpSchema.ElicitUrlRequest
                ? elicitation.url() != null
                : elicitation.form() != null || elicitation.url() == null;
    }
}
