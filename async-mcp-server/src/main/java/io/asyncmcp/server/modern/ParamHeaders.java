package io.asyncmcp.server.modern;

import io.asyncmcp.server.json.JsonObjects;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that tools want to have in HTTP headers too, which they say with {@code x-mcp-header} in their input schema.
 *
 * <p>Immutable.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#custom-headers-from-tool-parameters">
 *     Custom headers</a>
 */
final class ParamHeaders {

    private static final String ANNOTATION = "x-mcp-header";

    private static final String PREFIX = "Mcp-Param-";

    private static final String PROPERTIES = "properties";

    /** As many digits as JSON parsers take. */
    private static final int MAX_NUMBER_LENGTH = 1_000;

    /** Of no tool at all. */
    static final ParamHeaders NONE = new ParamHeaders(Map.of());

    private final Map<String, List<Param>> byTool;

    private ParamHeaders(Map<String, List<Param>> byTool) {
        this.byTool = byTool;
    }

    private record Param(String header, List<String> path) {}

    static ParamHeaders of(ListToolsResult tools) {
        Map<String, List<Param>> byTool = new HashMap<>();
        tools.tools().forEach(tool -> {
            List<Param> params = new ArrayList<>();
            if (tool.inputSchema() != null) {
                collect(JsonObjects.of(tool.inputSchema()), List.of(), params);
            }
            if (!params.isEmpty()) {
                byTool.put(tool.name(), params);
            }
        });
        return new ParamHeaders(byTool);
    }

    /** Only properties of objects count, all the way down. */
    private static void collect(Map<?, ?> schema, List<String> path, List<Param> params) {
        if (!(schema.get(PROPERTIES) instanceof Map<?, ?> properties)) {
            return;
        }
        properties.forEach((name, property) -> {
            if (property instanceof Map<?, ?> definition) {
                List<String> deeper = new ArrayList<>(path);
                deeper.add(String.valueOf(name));
                if (definition.get(ANNOTATION) instanceof String header) {
                    params.add(new Param(PREFIX + header, List.copyOf(deeper)));
                }
                collect(definition, deeper, params);
            }
        });
    }

    /**
     * Compares the arguments of a call with what its headers say.
     *
     * @throws io.modelcontextprotocol.spec.McpError if a header is missing, or says something else
     */
    void require(Function<String, List<String>> headers, @Nullable Object tool, @Nullable Object arguments) {
        for (Param param : byTool.getOrDefault(String.valueOf(tool), List.of())) {
            Object value = arguments;
            for (String name : param.path()) {
                value = value instanceof Map<?, ?> object ? object.get(name) : null;
            }
            if (value == null && headers.apply(param.header()).isEmpty()) {
                continue;
            }
            String said = HeaderRules.decoded(param.header(), HeaderRules.single(headers, param.header()));
            if (!isSame(said, value)) {
                throw ModernErrors.headerMismatch("Header mismatch: " + param.header()
                        + " does not say what the argument " + String.join(".", param.path()) + " says.");
            }
        }
    }

    private static boolean isSame(String said, @Nullable Object value) {
        if (value instanceof Number number) {
            if (said.length() > MAX_NUMBER_LENGTH) {
                return false;
            }
            try {
                return new BigDecimal(said).compareTo(new BigDecimal(number.toString())) == 0;
            } catch (NumberFormatException e) {
                return false;
            }
        }
        return said.equals(value instanceof String || value instanceof Boolean ? value.toString() : null);
    }
}
