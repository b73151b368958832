package io.asyncmcp.server.modern;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationFailure;
import io.asyncmcp.server.answer.TaskTexts;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes that a handler has failed because it asked through Spring AI's request context for something that the client
 * cannot do. Spring AI looks at the client's capabilities by itself, and all that is left of it is its text.
 */
final class UndeclaredCapability {

    private static final String TEXT = " not supported by the client";

    private UndeclaredCapability() {}

    /** Returns the error that the protocol wants in the place of the failure, or {@code null} if it was another one. */
    static @Nullable McpError in(Operation operation, ClientCapabilities capabilities) {
        String text = text(operation);
        if (text.contains(ModernErrors.MISSING)) {
            // Noted for the request that the operation was started by, and this is another one.
            return ModernErrors.missingCapability(Stream.of("sampling", "roots", "elicitation")
                    .filter(name -> text.contains(ModernErrors.MISSING + name))
                    .collect(Collectors.toMap(name -> name, name -> Map.of())));
        }
        if (!text.contains(TEXT)) {
            return null;
        }
        if (capabilities.sampling() == null && text.contains("Sampling" + TEXT)) {
            return ModernErrors.missingCapability(Map.of("sampling", Map.of()));
        }
        if (capabilities.roots() == null && text.contains("Roots" + TEXT)) {
            return ModernErrors.missingCapability(Map.of("roots", Map.of()));
        }
        return capabilities.elicitation() == null && text.contains("Elicitation" + TEXT)
                ? ModernErrors.missingCapability(Map.of("elicitation", Map.of()))
                : null;
    }

    private static String text(Operation operation) {
        if (operation.result() instanceof CallToolResult result) {
            return Boolean.TRUE.equals(result.isError()) ? TaskTexts.text(result) : "";
        }
        OperationFailure failure = operation.failure();
        return failure == null ? "" : failure.message();
    }
}
