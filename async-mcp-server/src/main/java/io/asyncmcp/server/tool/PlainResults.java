package io.asyncmcp.server.tool;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Content;
import java.util.Map;

/** Makes results plain JSON: what cannot be written fails before the reply, and nothing changes after the check. */
final class PlainResults {

    private static final TypeRef<Map<String, Object>> JSON_OBJECT = new TypeRef<>() {};

    private PlainResults() {}

    /** Turns every part into what is read back from its JSON; throws if a part cannot be written. */
    static CallToolResult of(CallToolResult result) {
        McpJsonMapper mapper = McpJsonDefaults.getMapper();
        return new CallToolResult(
                result.content().stream().map(block -> plain(block, mapper)).toList(),
                result.isError(),
                mapper.convertValue(result.structuredContent(), Object.class),
                mapper.convertValue(result.meta(), JSON_OBJECT));
    }

    private static Content plain(Content block, McpJsonMapper mapper) {
        Object json = mapper.convertValue(block, Object.class);
        try {
            return mapper.convertValue(json, Content.class);
        } catch (RuntimeException e) {
            // A kind of content that can be written, but that nobody here can read.
            return block;
        }
    }
}
