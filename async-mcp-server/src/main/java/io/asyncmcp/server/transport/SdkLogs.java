package io.asyncmcp.server.transport;

import io.asyncmcp.server.answer.OneLine;
import io.asyncmcp.server.json.JsonObjects;
import io.modelcontextprotocol.json.McpJsonDefaults;
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

    /** Of all that a client says of itself. */
    private static final int MAX_INTRODUCTION = 5_000;

    private static final String ROOTS = "roots";

    private static final String URI = "uri";

    private static final String NAME = "name";

    private static final String META = "_meta";

    private static final String CURSOR = "nextCursor";

    /** Clients have a handful. */
    private static final int MAX_ROOTS = 1_000;

    private static final Set<String> NOTIFICATIONS =
            Set.of(McpSchema.METHOD_NOTIFICATION_INITIALIZED, McpSchema.METHOD_NOTIFICATION_ROOTS_LIST_CHANGED);

    private SdkLogs() {}

    /** What a client says of itself, on one line. */
    static InitializeRequest printable(InitializeRequest request) {
        String said = request.toString();
        if (said.length() <= MAX_INTRODUCTION && isPrintable(said)) {
            return request;
        }
        Map<String, Object> json = JsonObjects.of(request);
        return McpJsonDefaults.getMapper().convertValue(introduction(json), InitializeRequest.class);
    }

    /** The same where {@code initialize} comes in like any other request, none of which is logged. */
    static JSONRPCRequest printable(JSONRPCRequest request) {
        return request.method().equals(McpSchema.METHOD_INITIALIZE)
                ? new JSONRPCRequest(request.method(), request.id(), introduction(request.params()))
                : request;
    }

    /** Lists without end go if they are long, in the log twice as long as in JSON: nothing reads them but the log. */
    private static @Nullable Object introduction(@Nullable Object params) {
        Object printable = printable(params);
        if (printable instanceof Map<?, ?> members && printable.toString().length() > MAX_INTRODUCTION / 2) {
            remove(members.get("clientInfo"), "icons");
            remove(members.get("capabilities"), "experimental");
        }
        return printable;
    }

    private static void remove(@Nullable Object object, String member) {
        if (object instanceof Map<?, ?> members) {
            members.remove(member);
        }
    }

    /** A notification for the SDK, or {@code null} if the SDK would do nothing with it but log it. */
    static @Nullable JSONRPCNotification printable(JSONRPCNotification notification) {
        return NOTIFICATIONS.contains(notification.method())
                // The SDK reads no params of theirs, and logs them.
                ? new JSONRPCNotification(notification.method(), null)
                : null;
    }

    /**
     * An answer for the SDK. Roots, which it logs, come without control characters, and without a cursor: the protocol knows
     * none for them, and the SDK would gather pages for as long as the client has more. What the SDK would fail over, and log in
     * the client's words, is put into other words or left out.
     */
    static JSONRPCResponse printable(JSONRPCResponse response) {
        if (response.error() != null) {
            return printable(response.id(), response.error());
        }
        if (!(response.result() instanceof Map<?, ?> result)) {
            // Jackson would quote it.
            return JSONRPCResponse.error(
                    response.id(),
                    new JSONRPCResponse.JSONRPCError(
                            McpSchema.ErrorCodes.INVALID_REQUEST, "The result is not an object.", null));
        }
        if (!result.containsKey(ROOTS)) {
            return withoutMisfits(response, result);
        }
        List<?> roots = result.get(ROOTS) instanceof List<?> list ? list : List.of();
        List<?> known = roots.stream()
                .limit(MAX_ROOTS)
                .filter(SdkLogs::isRoot)
                .map(SdkLogs::root)
                .toList();
        return JSONRPCResponse.result(response.id(), Map.of(ROOTS, known));
    }

    private static JSONRPCResponse printable(Object id, JSONRPCResponse.JSONRPCError error) {
        String message = error.message() == null ? "" : OneLine.of(error.message(), MAX_LENGTH);
        return JSONRPCResponse.error(id, new JSONRPCResponse.JSONRPCError(error.code(), message, error.data()));
    }

    /** What an answer without roots could have beside them, to a question for roots. */
    private static JSONRPCResponse withoutMisfits(JSONRPCResponse response, Map<?, ?> result) {
        boolean fits = (result.get(META) == null || result.get(META) instanceof Map) && !result.containsKey(CURSOR);
        if (fits) {
            return response;
        }
        Map<String, Object> members = JsonObjects.copy(result);
        members.remove(CURSOR);
        members.computeIfPresent(META, (key, meta) -> meta instanceof Map ? meta : null);
        return JSONRPCResponse.result(response.id(), members);
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
