package io.asyncmcp.server.modern;

import io.asyncmcp.server.answer.OneLine;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP headers that say what the body says, so that others can route a request without reading it.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#request-metadata">
 *     Request metadata</a>
 */
final class HeaderRules {

    static final String VERSION = "MCP-Protocol-Version";

    private static final String METHOD = "Mcp-Method";

    private static final String NAME = "Mcp-Name";

    private static final String ENCODED = "=?base64?";

    private static final String ENCODED_END = "?=";

    private static final int MAX_PRINTED = 100;

    /** Which param of a method the name is. */
    private static final Map<String, String> NAMES = Map.of(
            McpSchema.METHOD_TOOLS_CALL, "name",
            McpSchema.METHOD_PROMPT_GET, "name",
            McpSchema.METHOD_RESOURCES_READ, "uri",
            ModernProtocol.TASKS_GET, "taskId",
            ModernProtocol.TASKS_UPDATE, "taskId",
            ModernProtocol.TASKS_CANCEL, "taskId");

    private HeaderRules() {}

    /** Compares what headers say of method and name. */
    static void requireRouting(Function<String, List<String>> headers, String method, Map<String, Object> params) {
        requireEqual(METHOD, single(headers, METHOD), method);
        String param = NAMES.get(method);
        if (param != null && params.get(param) instanceof String name) {
            requireEqual(NAME, decoded(NAME, single(headers, NAME)), name);
        }
    }

    static void requireVersion(Function<String, List<String>> headers, String version) {
        requireEqual(VERSION, single(headers, VERSION), version);
    }

    /** The value of a header that must be there once. */
    static String single(Function<String, List<String>> headers, String name) {
        List<String> values = headers.apply(name);
        if (values.isEmpty()) {
            throw ModernErrors.headerMismatch(
                    "Header mismatch: " + name + " is missing. It must say what the body says.");
        }
        if (values.size() > 1) {
            throw ModernErrors.headerMismatch(
                    "Header mismatch: " + name + " must be there once, but is there " + values.size() + " times.");
        }
        requireVisible(name, values.get(0));
        // What HTTP allows around a value is no part of it, and there is no other white space in it.
        return values.get(0).strip();
    }

    private static void requireEqual(String header, String value, String inBody) {
        if (!value.equals(inBody)) {
            throw ModernErrors.headerMismatch("Header mismatch: " + header + " header value '" + printable(value)
                    + "' does not match body value '" + printable(inBody) + "'");
        }
    }

    /** The text that a value without white space around it stands for. */
    static String decoded(String header, String value) {
        if (!value.startsWith(ENCODED) || !value.endsWith(ENCODED_END)) {
            return value;
        }
        try {
            String text = value.substring(ENCODED.length(), value.length() - ENCODED_END.length());
            byte[] bytes = Base64.getDecoder().decode(text);
            if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
                throw new IllegalArgumentException("not the one way to write it");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | IndexOutOfBoundsException | CharacterCodingException e) {
            throw ModernErrors.headerMismatch(
                    "Header mismatch: " + header + " is marked as Base64 of UTF-8 and is not.");
        }
    }

    private static void requireVisible(String header, String value) {
        if (!value.chars().allMatch(c -> c == '\t' || c >= ' ' && c <= '~')) {
            throw ModernErrors.headerMismatch("Header mismatch: " + header
                    + " has characters that a header cannot carry. A name or an argument with"
                    + " such characters must be encoded as " + ENCODED + "..." + ENCODED_END + ".");
        }
    }

    /** Enough to recognize it by. */
    private static String printable(@Nullable String value) {
        return OneLine.of(String.valueOf(value), MAX_PRINTED);
    }
}
