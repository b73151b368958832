package io.asyncmcp.server.modern;

import io.asyncmcp.server.answer.OneLine;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The protocol's errors.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/index#error-codes">Error codes</a>
 */
final class ModernErrors {

    static final int HEADER_MISMATCH = -32020;

    static final int MISSING_CAPABILITY = -32021;

    static final int UNSUPPORTED_VERSION = -32022;

    /** How Spring AI begins when a prompt or a resource fails. The reason comes again as the error's data. */
    private static final String FAILED_HANDLER = "Error invoking ";

    static final String MISSING = "Missing required client capability: ";

    private static final String RETRY_AFTER = "retryAfterSeconds";

    private ModernErrors() {}

    static McpError parseError() {
        return of(ErrorCodes.PARSE_ERROR, "The body is not JSON.");
    }

    static McpError invalidRequest(String message) {
        return of(ErrorCodes.INVALID_REQUEST, message);
    }

    static McpError invalidParams(String message) {
        return of(ErrorCodes.INVALID_PARAMS, message);
    }

    static McpError methodNotFound(String method) {
        return of(ErrorCodes.METHOD_NOT_FOUND, "Method not found: " + OneLine.of(method, 100));
    }

    static McpError headerMismatch(String message) {
        return of(HEADER_MISMATCH, message);
    }

    static McpError internal(String message) {
        return of(ErrorCodes.INTERNAL_ERROR, message);
    }

    static McpError unsupportedVersion(String requested, List<String> supported) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("supported", supported);
        data.put("requested", OneLine.of(requested, 100));
        return McpError.builder(UNSUPPORTED_VERSION)
                .message("Unsupported protocol version")
                .data(data)
                .build();
    }

    static McpError missingCapability(Map<String, Object> required) {
        return McpError.builder(MISSING_CAPABILITY)
                .message(MISSING + String.join(", ", required.keySet()))
                .data(Map.of("requiredCapabilities", required))
                .build();
    }

    static McpError missingTasks() {
        return missingCapability(Map.of("extensions", Map.of(ModernProtocol.TASKS, Map.of())));
    }

    /** Unknown, expired and foreign tasks look alike. */
    static McpError taskNotFound() {
        return invalidParams("Task not found. It may be unknown, or its ttl may be over.");
    }

    static McpError busy(String message, long retryAfterSeconds) {
        return McpError.builder(ErrorCodes.INTERNAL_ERROR)
                .message(message)
                .data(Map.of(RETRY_AFTER, retryAfterSeconds))
                .build();
    }

    /** The HTTP headers of a response that is an error. */
    static Map<String, String> httpHeaders(JSONRPCError error) {
        return isBusy(error) ? Map.of("Retry-After", String.valueOf(retryAfter(error))) : Map.of();
    }

    private static boolean isBusy(JSONRPCError error) {
        return error.code() == ErrorCodes.INTERNAL_ERROR && retryAfter(error) instanceof Number;
    }

    private static @Nullable Object retryAfter(JSONRPCError error) {
        return error.data() instanceof Map<?, ?> data ? data.get(RETRY_AFTER) : null;
    }

    private static McpError of(int code, String message) {
        return McpError.builder(code).message(message).build();
    }

    /**
     * What handlers report, without the codes of earlier protocol versions, which must not be sent in this one, and without
     * what Spring AI adds: names of classes.
     */
    static JSONRPCError translated(JSONRPCError error) {
        if (error.message() != null && error.message().startsWith(FAILED_HANDLER)) {
            String cause = error.data() instanceof String text && !isWrittenByJava(text) ? text : "an internal error";
            return new JSONRPCError(ErrorCodes.INTERNAL_ERROR, "The request failed: " + cause, null);
        }
        return switch (error.code()) {
            case ErrorCodes.RESOURCE_NOT_FOUND ->
                new JSONRPCError(ErrorCodes.INVALID_PARAMS, error.message(), error.data());
            case ErrorCodes.URL_ELICITATION_REQUIRED ->
                new JSONRPCError(ErrorCodes.INTERNAL_ERROR, error.message(), error.data());
            default -> error;
        };
    }

    /** Spring AI passes on the text of any exception, and nobody can tell any more which one it was. */
    private static boolean isWrittenByJava(String text) {
        return text.isBlank()
                || text.startsWith("Cannot invoke \"")
                || text.startsWith("Cannot read ")
                || text.startsWith("Cannot load from ")
                || text.startsWith("Cannot store to ")
                || text.startsWith("Cannot assign field ")
                || text.contains(" cannot be cast to class ");
    }

    /** The HTTP status of a response that is an error. */
    static int httpStatus(JSONRPCError error) {
        return switch (error.code()) {
            case ErrorCodes.METHOD_NOT_FOUND -> 404;
            case ErrorCodes.PARSE_ERROR,
                    ErrorCodes.INVALID_REQUEST,
                    HEADER_MISMATCH,
                    MISSING_CAPABILITY,
                    UNSUPPORTED_VERSION -> 400;
            default -> isBusy(error) ? 503 : 200;
        };
    }
}
