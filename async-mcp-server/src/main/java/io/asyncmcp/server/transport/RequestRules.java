package io.asyncmcp.server.transport;

import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.json.JsonSize;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the params of requests look like. The SDK finds out when it converts them, and what it answers then depends on its
 * version: a server error, or nothing at all.
 */
public final class RequestRules {

    /** What clients are told whose params do not fit. */
    public static final String MISFIT = "The params do not fit the method. Check their names, types and lengths."
            + " What stands beside the arguments must not take up more than 64 KB, and what a client says of itself 16 KB.";

    /** Names, and what stands for something: ids of requests, progress tokens. */
    public static final int MAX_NAME_LENGTH = 1_024;

    /**
     * URIs and cursors. The SDK matches URIs against the templates of resources by patterns that take the square of a
     * URI's length for two variables, and its cube for three.
     */
    static final int MAX_URI_LENGTH = 2_048;

    /**
     * What a request says beside its arguments, in bytes of memory. It is kept as long as the request is open, its work
     * goes on or its session lasts, and no limit counts it.
     */
    private static final int MAX_BESIDE_ARGUMENTS = 64 * 1024;

    /** What a client says of itself, in bytes of memory and without its icons. It is kept as long as its session, which can be idle. */
    private static final int MAX_INTRODUCTION = 16 * 1024;

    private static final String CLIENT_INFO = "clientInfo";

    private static final String ICONS = "icons";

    private static final String TASKS_UPDATE = "tasks/update";

    private static final String INPUT_RESPONSES = "inputResponses";

    private static final String REQUEST_STATE = "requestState";

    /** The methods of protocol 2026-07-28 whose handlers may ask the client something. It comes back with the answers. */
    public static final Set<String> MAY_ASK =
            Set.of(McpSchema.METHOD_TOOLS_CALL, McpSchema.METHOD_PROMPT_GET, McpSchema.METHOD_RESOURCES_READ);

    private static final String TASK = "task";

    private static final Set<String> OF_A_CALL = Set.of("name", "arguments", "_meta", TASK);

    private RequestRules() {}

    /** Tells whether the params of a request cannot be those of its method, in any version before 2026-07-28. */
    static boolean isMisfit(JSONRPCRequest request) {
        return isMisfit(request, Set.of());
    }

    static boolean isMisfit(JSONRPCRequest request, Set<String> answers) {
        return !isToken(request.id()) || isMisfit(request.method(), request.params(), answers);
    }

    /**
     * Names the params of protocol 2026-07-28 that bring answers to questions. They have limits of their own, and are not kept.
     *
     * @return the names; empty for a call that is not continued, whose answers are kept until somebody asks for them
     */
    public static Set<String> answers(String method, @Nullable Object params) {
        if (method.equals(TASKS_UPDATE)) {
            return Set.of(INPUT_RESPONSES);
        }
        return comesBack(method, params) ? Set.of(INPUT_RESPONSES, REQUEST_STATE) : Set.of();
    }

    /**
     * Tells whether a request of protocol 2026-07-28 comes back for an operation, and waits without what else it says.
     *
     * @return {@code false} for the methods that nobody comes back with, whatever they say
     */
    public static boolean comesBack(String method, @Nullable Object params) {
        return MAY_ASK.contains(method)
                && params instanceof Map<?, ?> object
                && object.get(REQUEST_STATE) instanceof String;
    }

    /**
     * Leaves out what nobody reads: a call is kept as long as its operation, and what a client says of itself as long as its session.
     *
     * @return the request without that
     */
    public static JSONRPCRequest known(JSONRPCRequest request) {
        if (request.method().equals(McpSchema.METHOD_INITIALIZE) && request.params() instanceof Map<?, ?> params) {
            Map<?, ?> shorter = withoutIcons(params);
            return shorter == params ? request : new JSONRPCRequest(request.method(), request.id(), shorter);
        }
        if (!request.method().equals(McpSchema.METHOD_TOOLS_CALL)
                || !(request.params() instanceof Map<?, ?> params)
                || OF_A_CALL.containsAll(params.keySet()) && !(params.get(TASK) instanceof Map<?, ?>)) {
            return request;
        }
        Map<Object, Object> known = new LinkedHashMap<>(params);
        known.keySet().retainAll(OF_A_CALL);
        known.computeIfPresent(TASK, (name, task) -> task instanceof Map<?, ?> object ? ttlOf(object) : task);
        return new JSONRPCRequest(request.method(), request.id(), known);
    }

    private static Map<?, ?> withoutIcons(Map<?, ?> params) {
        if (!(params.get(CLIENT_INFO) instanceof Map<?, ?> info) || !info.containsKey(ICONS)) {
            return params;
        }
        Map<Object, Object> shorter = new LinkedHashMap<>(info);
        shorter.remove(ICONS);
        Map<Object, Object> known = new LinkedHashMap<>(params);
        known.put(CLIENT_INFO, shorter);
        return known;
    }

    private static Map<?, ?> ttlOf(Map<?, ?> task) {
        Map<Object, Object> known = new LinkedHashMap<>(task);
        known.keySet().retainAll(Set.of("ttl"));
        return known;
    }

    /**
     * Tells whether params cannot be those of a method.
     *
     * @param method the method
     * @param params the params, or {@code null}
     * @param answers the names of those that have limits of their own
     * @return {@code true} if the SDK could not read them
     */
    public static boolean isMisfit(String method, @Nullable Object params, Set<String> answers) {
        if (params != null && !(params instanceof Map<?, ?>)) {
            return true;
        }
        Map<?, ?> object = params == null ? Map.of() : (Map<?, ?>) params;
        return isHeavy(method, object, answers)
                || !isMeta(object.get("_meta"))
                || switch (method) {
                    case McpSchema.METHOD_TOOLS_CALL, McpSchema.METHOD_PROMPT_GET ->
                        !isName(object.get("name")) || !isArguments(object.get("arguments"));
                    case McpSchema.METHOD_RESOURCES_READ,
                            McpSchema.METHOD_RESOURCES_SUBSCRIBE,
                            McpSchema.METHOD_RESOURCES_UNSUBSCRIBE -> !isUri(object.get("uri"));
                    case McpSchema.METHOD_TOOLS_LIST,
                            McpSchema.METHOD_PROMPT_LIST,
                            McpSchema.METHOD_RESOURCES_LIST,
                            McpSchema.METHOD_RESOURCES_TEMPLATES_LIST -> !isCursorOrAbsent(object.get("cursor"));
                    case McpSchema.METHOD_INITIALIZE -> params == null || !isInfo(object.get(CLIENT_INFO));
                    case McpSchema.METHOD_LOGGING_SET_LEVEL -> !isLevel(object.get("level"));
                    case McpSchema.METHOD_COMPLETION_COMPLETE ->
                        !isReference(object.get("ref"))
                                || !isArgument(object.get("argument"))
                                || !isContext(object.get("context"));
                    default -> false;
                };
    }

    /**
     * Tells whether a request says too much beside its arguments.
     *
     * @param method the method
     * @param params the params
     * @param answers the names of those that have limits of their own
     * @return {@code true} if it is not to be kept
     */
    public static boolean isHeavy(String method, Map<?, ?> params, Set<String> answers) {
        Set<String> arguments = switch (method) {
            case McpSchema.METHOD_TOOLS_CALL, McpSchema.METHOD_PROMPT_GET -> Set.of("arguments");
            case McpSchema.METHOD_COMPLETION_COMPLETE -> Set.of("argument", "context");
            default -> Set.of();
        };
        boolean introduction = method.equals(McpSchema.METHOD_INITIALIZE);
        int most = introduction ? MAX_INTRODUCTION : MAX_BESIDE_ARGUMENTS;
        long memory = 0;
        for (Map.Entry<?, ?> param : (introduction ? withoutIcons(params) : params).entrySet()) {
            String name = String.valueOf(param.getKey());
            if (!arguments.contains(name) && !answers.contains(name)) {
                JsonSize size = JsonSize.of(param.getValue(), most);
                memory += JsonSize.of(param.getKey(), most).memory() + size.memory();
                if (size.exceedsLimit() || memory > most) {
                    return true;
                }
            }
        }
        return false;
    }

    /** One that it does not know is another one to the SDK. */
    private static boolean isLevel(@Nullable Object level) {
        return Stream.of(McpSchema.LoggingLevel.values())
                .anyMatch(known -> known.name().toLowerCase(Locale.ROOT).equals(level));
    }

    private static boolean isReference(@Nullable Object ref) {
        return ref instanceof Map<?, ?> object
                && object.get("type") instanceof String type
                && isStringOrAbsent(object.get("title"))
                && switch (type) {
                    case "ref/prompt" -> isName(object.get("name"));
                    case "ref/resource" -> isUri(object.get("uri"));
                    default -> true;
                };
    }

    private static boolean isArgument(@Nullable Object argument) {
        return argument instanceof Map<?, ?> object
                && object.get("name") instanceof String name
                && isShort(name)
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

    /**
     * Tells whether a text is as short as those that name something.
     *
     * @return {@code true} if it is
     */
    public static boolean isShort(String text) {
        return text.length() <= MAX_NAME_LENGTH;
    }

    private static boolean isName(@Nullable Object name) {
        return name instanceof String text && isShort(text);
    }

    /** The SDK fails over a blank one. */
    private static boolean isUri(@Nullable Object uri) {
        return uri instanceof String text && text.length() <= MAX_URI_LENGTH && !text.isBlank();
    }

    private static boolean isCursorOrAbsent(@Nullable Object cursor) {
        return cursor instanceof String text
                ? text.length() <= MAX_URI_LENGTH
                : !(cursor instanceof Map<?, ?> || cursor instanceof List<?>);
    }

    /** What stands for a request: kept as long as that is open, and repeated in what is said about it. */
    private static boolean isToken(@Nullable Object token) {
        return !(token instanceof String text) || isShort(text);
    }

    private static boolean isMeta(@Nullable Object meta) {
        return meta == null
                || meta instanceof Map<?, ?> object
                        && isToken(object.get("progressToken"))
                        && !(object.get("progressToken") instanceof Map<?, ?>)
                        && !(object.get("progressToken") instanceof List<?>);
    }

    /** What a client calls itself is kept as long as its session. */
    private static boolean isInfo(@Nullable Object info) {
        return !(info instanceof Map<?, ?> object)
                || isToken(object.get("name"))
                        && isToken(object.get("version"))
                        && isToken(object.get("title"))
                        && isIcons(object.get(ICONS));
    }

    /**
     * Tells whether something can be a client's icons. The SDK logs a line for each that has no source.
     *
     * @param icons what the client says
     * @return {@code true} if it can
     */
    public static boolean isIcons(@Nullable Object icons) {
        return icons == null
                || icons instanceof List<?> list
                        && list.stream()
                                .allMatch(icon ->
                                        icon instanceof Map<?, ?> object && object.get("src") instanceof String);
    }

    /**
     * Tells whether something can be the id of a message that has been answered, and can be logged as it is.
     *
     * @param id the id, or {@code null}
     * @return {@code true} if it can
     */
    static boolean isAnswered(@Nullable Object id) {
        return id == null || isToken(id) && SdkLogs.isPrintable(id);
    }

    static boolean isMisfit(InitializeRequest request) {
        return isMisfit(McpSchema.METHOD_INITIALIZE, JsonObjects.of(request), Set.of());
    }

    private static boolean isStringOrAbsent(@Nullable Object value) {
        return value == null || value instanceof String;
    }

    private static boolean isObjectOrAbsent(@Nullable Object value) {
        return value == null || value instanceof Map<?, ?>;
    }
}
