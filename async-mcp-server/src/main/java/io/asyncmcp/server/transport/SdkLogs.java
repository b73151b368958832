package io.asyncmcp.server.transport;

import io.asyncmcp.server.answer.OneLine;
import io.asyncmcp.server.json.JsonObjects;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps clients from writing lines of their own into the log: the SDK logs what they say of themselves, notifications that it
 * does not know, roots and ids of responses as they are.
 */
final class SdkLogs {

    private static final int MAX_LENGTH = 500;

    private static final String ROOTS = "roots";

    private static final String URI = "uri";

    private static final String NAME = "name";

    /** Clients have a handful. */
    private static final int MAX_ROOTS = 1_000;

    private static final TypeRef<Map<String, Object>> JSON = new TypeRef<>() {};

    private static final Set<String> NOTIFICATIONS =
            Set.of(McpSchema.METHOD_NOTIFICATION_INITIALIZED, McpSchema.METHOD_NOTIFICATION_ROOTS_LIST_CHANGED);

    private SdkLogs() {}

    /** What a client says of itself, on one line. */
    static InitializeRequest printable(InitializeRequest request) {
        String said = request.toString();
        if (said.length() <= MAX_LENGTH * 10 && isPrintable(said)) {
            return request;
        }
        Map<String, Object> json = McpJsonDefaults.getMapper().convertValue(request, JSON);
        return McpJsonDefaults.getMapper().convertValue(printable((Object) json), InitializeRequest.class);
    }

    /** The same where {@code initialize} comes in like any other request, none of which is logged. */
    static JSONRPCRequest printable(JSONRPCRequest request) {
        return request.method().equals(McpSchema.METHOD_INITIALIZE)
                ? new JSONRPCRequest(request.method(), request.id(), printable(request.params()))
                : request;
    }

    /** A notification for the SDK, or {@code null} if the SDK would do nothing with it but log it. */
    static @Nullable JSONRPCNotification printable(JSONRPCNotification notification) {
        return NOTIFICATIONS.contains(notification.method())
                ? new JSONRPCNotification(notification.method(), printable(notification.params()))
                : null;
    }

    /**
     * An answer for the SDK. Roots, which it logs, come without control characters, and without a cursor: the protocol knows
     * none for them, and the SDK would gather pages for as long as the client has more.
     */
    static JSONRPCResponse printable(JSONRPCResponse response) {
        if (!(response.result() instanceof Map<?, ?> result) || !(result.get(ROOTS) instanceof List<?> roots)) {
            return response;
        }
        List<?> known = roots.stream()
                .limit(MAX_ROOTS)
                .filter(SdkLogs::isRoot)
                .map(SdkLogs::root)
                .toList();
        return JSONRPCResponse.result(response.id(), Map.of(ROOTS, known));
    }

    private static boolean isRoot(Object root) {
        return root instanceof Map<?, ?> members
                && members.get(URI) instanceof String uri
                && uri.length() <= RequestRules.MAX_URI_LENGTH
                && isPrintable(uri);
    }

    private static Map<String, Object> root(Object root) {
        Map<String, Object> members = JsonObjects.copy(root);
        members.keySet().retainAll(Set.of(URI, NAME));
        members.computeIfPresent(NAME, (key, name) -> OneLine.of(String.valueOf(name), MAX_LENGTH));
        return members;
    }

    /** Tells whether an id can be logged as it is. */
    static boolean isPrintable(Object id) {
        String text = id.toString();
        return OneLine.of(text, Integer.MAX_VALUE).equals(text);
    }

    private static @Nullable Object printable(@Nullable Object value) {
        if (value instanceof String text) {
            return OneLine.of(text, MAX_LENGTH);
        }
        if (value instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            object.forEach((key, each) -> copy.put(OneLine.of(String.valueOf(key), MAX_LENGTH), printable(each)));
            return copy;
        }
        return value instanceof List<?> array
                ? array.stream().map(each -> printable((Object) each)).toList()
                : value;
    }
}
