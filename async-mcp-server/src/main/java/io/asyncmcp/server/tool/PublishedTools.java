package io.asyncmcp.server.tool;

import io.asyncmcp.server.answer.OutputSchemas;
import io.asyncmcp.server.json.OrderedJson;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What clients see of a tool. */
final class PublishedTools {

    private PublishedTools() {}

    /** Results must be objects where a schema is published. */
    static Tool fitting(Tool tool) {
        return tool.outputSchema() == null || OutputSchemas.isObject(tool.outputSchema())
                ? tool
                : published(tool, OutputSchemas.wrap(tool.outputSchema(), false));
    }

    static Tool widened(Tool tool) {
        Map<String, Object> fitting = fitting(tool).outputSchema();
        return published(tool, fitting == null ? null : OutputSchemas.widen(fitting));
    }

    /** As clients get it: with the same bytes at every start. */
    static Tool published(Tool tool, @Nullable Map<String, Object> outputSchema) {
        if (outputSchema == tool.outputSchema()
                && OrderedJson.isOrdered(tool.inputSchema())
                && OrderedJson.isOrdered(outputSchema)
                && OrderedJson.isOrdered(tool.meta())) {
            return tool;
        }
        return new Tool(
                tool.name(),
                tool.title(),
                tool.description(),
                OrderedJson.of(tool.inputSchema()),
                outputSchema == null ? null : OrderedJson.of(outputSchema),
                tool.annotations(),
                tool.meta() == null ? null : OrderedJson.of(tool.meta()),
                tool.icons());
    }
}
