package io.asyncmcp.server.tasks;

import io.asyncmcp.server.TaskSupport;
import io.asyncmcp.server.json.JsonObjects;
import io.asyncmcp.server.transport.Dialect.Handling;
import io.modelcontextprotocol.spec.McpSchema.ListToolsResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Says of every tool in a list whether it can be called as a task. */
record ToolList(Function<String, TaskSupport> supportOf) implements Handling {

    @Override
    public Object outgoing(Object result) {
        if (!(result instanceof ListToolsResult)) {
            return result;
        }
        Map<String, Object> json = new LinkedHashMap<>(JsonObjects.of(result));
        if (json.get("tools") instanceof List<?> tools) {
            json.put("tools", tools.stream().map(this::withSupport).toList());
        }
        return json;
    }

    private Object withSupport(Object tool) {
        if (!(tool instanceof Map<?, ?> properties) || !(properties.get("name") instanceof String name)) {
            return tool;
        }
        Map<Object, Object> extended = new LinkedHashMap<>(properties);
        extended.put(
                "execution", Map.of("taskSupport", supportOf.apply(name).name().toLowerCase(Locale.ROOT)));
        return extended;
    }
}
