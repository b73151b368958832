package io.asyncmcp.server.modern;

import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.transport.RequestRules;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about its client.
 *
 * @param version the protocol version it is made in
 * @param capabilities what the client can do
 * @param info who the client says it is
 * @param logLevel the least severe log messages that the client wants, or {@code null} for none
 * @param progressToken the token to report progress under, or {@code null} for no reports
 * @param canHandleTasks whether the client has declared the Tasks extension
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/index#meta">{@code _meta}</a>
 */
record RequestMeta(
        String version,
        ClientCapabilities capabilities,
        Implementation info,
        @Nullable LoggingLevel logLevel,
        @Nullable Object progressToken,
        boolean canHandleTasks) {

    private static final Implementation UNKNOWN =
            Implementation.builder("unknown", "unknown").build();

    /** Tells whether params are those of a request in this protocol, or want to be. */
    static boolean isIn(@Nullable Object params) {
        return params instanceof Map<?, ?> object
                && object.get(ModernProtocol.META) instanceof Map<?, ?> meta
                && meta.containsKey(ModernProtocol.PROTOCOL_VERSION);
    }

    /**
     * Reads what every request must say.
     *
     * @throws io.modelcontextprotocol.spec.McpError if something is missing or is not what it should be
     */
    static RequestMeta of(Map<String, Object> params) {
        if (!(params.get(ModernProtocol.META) instanceof Map<?, ?> meta)) {
            throw ModernErrors.invalidParams("params._meta must be an object with " + ModernProtocol.PROTOCOL_VERSION
                    + " and " + ModernProtocol.CLIENT_CAPABILITIES + ".");
        }
        if (!(meta.get(ModernProtocol.PROTOCOL_VERSION) instanceof String version)) {
            throw invalid(
                    ModernProtocol.PROTOCOL_VERSION, "must be a text, such as \"" + ModernProtocol.VERSION + "\"");
        }
        if (!(meta.get(ModernProtocol.CLIENT_CAPABILITIES) instanceof Map<?, ?> declared)) {
            throw invalid(ModernProtocol.CLIENT_CAPABILITIES, "must be an object; {} if there are none");
        }
        Object extensions = declared.get("extensions");
        if (extensions != null && !(extensions instanceof Map<?, ?>)) {
            throw invalid(ModernProtocol.CLIENT_CAPABILITIES, "must have an object under \"extensions\"");
        }
        return new RequestMeta(
                version,
                converted(ModernProtocol.CLIENT_CAPABILITIES, readable(declared), ClientCapabilities.class),
                info(meta.get(ModernProtocol.CLIENT_INFO)),
                logLevel(meta.get(ModernProtocol.LOG_LEVEL)),
                progressToken(meta.get("progressToken")),
                extensions instanceof Map<?, ?> known && known.get(ModernProtocol.TASKS) instanceof Map<?, ?>);
    }

    /** Newer SDKs read extensions, and stumble over settings that are no object. */
    private static Map<String, Object> readable(Map<?, ?> declared) {
        Map<String, Object> capabilities = JsonObjects.copy(declared);
        if (declared.get("extensions") instanceof Map<?, ?> extensions) {
            Map<String, Object> known = JsonObjects.copy(extensions);
            known.values().removeIf(settings -> !(settings instanceof Map<?, ?>));
            capabilities.put("extensions", known);
        }
        return capabilities;
    }

    private static Implementation info(@Nullable Object info) {
        if (info == null) {
            return UNKNOWN;
        }
        if (!(info instanceof Map<?, ?> known)
                || !(known.get("name") instanceof String name && RequestRules.isShort(name))
                || !(known.get("version") instanceof String version && RequestRules.isShort(version))) {
            throw invalid(
                    ModernProtocol.CLIENT_INFO,
                    "must be an object with a name and a version of at most " + RequestRules.MAX_NAME_LENGTH
                            + " characters each");
        }
        if (!RequestRules.isIcons(known.get("icons"))) {
            throw invalid(ModernProtocol.CLIENT_INFO, "must have a list of objects with a src each under \"icons\"");
        }
        return converted(ModernProtocol.CLIENT_INFO, info, Implementation.class);
    }

    private static @Nullable LoggingLevel logLevel(@Nullable Object level) {
        if (level == null) {
            return null;
        }
        if (level instanceof String name && name.equals(name.toLowerCase(Locale.ROOT))) {
            for (LoggingLevel known : LoggingLevel.values()) {
                if (known.name().equalsIgnoreCase(name)) {
                    return known;
                }
            }
        }
        throw invalid(
                ModernProtocol.LOG_LEVEL,
                "must be one of debug, info, notice, warning, error, critical, alert and emergency");
    }

    private static @Nullable Object progressToken(@Nullable Object token) {
        if (token == null
                || token instanceof String text && RequestRules.isShort(text)
                || token instanceof Integer
                || token instanceof Long) {
            return token;
        }
        throw invalid(
                "progressToken",
                "must be an integer or a text of at most " + RequestRules.MAX_NAME_LENGTH + " characters");
    }

    private static <T> T converted(String name, Object value, Class<T> type) {
        try {
            return McpJsonDefaults.getMapper().convertValue(value, type);
        } catch (RuntimeException e) {
            // What the conversion says names Java types.
            throw invalid(name, "does not have the types that the protocol defines");
        }
    }

    private static RuntimeException invalid(String name, String rule) {
        return ModernErrors.invalidParams("params._meta[\"" + name + "\"] " + rule + ".");
    }
}
