package io.asyncmcp.autoconfigure.tool;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class ToolOriginSyncIT extends ToolOriginContract {

    ToolOriginSyncIT() {
        super("SYNC", Sync.class);
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Common.class)
    static class Sync {

        @Bean
        McpTools mcpTools() {
            return new McpTools();
        }

        @Bean
        List<SyncToolSpecification> handmadeTools() {
            return List.of(handmade("handmade"), handmade("handmade_plain"));
        }

        private static SyncToolSpecification handmade(String name) {
            return SyncToolSpecification.builder()
                    .tool(Tool.builder(name, Map.of("type", "object")).build())
                    .callHandler((exchange, request) -> CallToolResult.builder()
                            .addTextContent(Pause.then(
                                    (String) request.arguments().get("word"),
                                    ((Number) request.arguments().get("millis")).intValue()))
                            .build())
                    .build();
        }
    }

    static class McpTools {

        @McpTool(name = "beside", title = "Beside", description = "Stands beside")
        @AsyncTool(timeout = "100ms")
        public String beside(String word, int millis) {
            return Pause.then(word, millis);
        }

        @McpTool(name = "configured")
        public String configured(String word, int millis) {
            return Pause.then(word, millis);
        }

        @McpTool(name = "switched_off")
        @AsyncTool(timeout = "100ms")
        public String switchedOff(String word, int millis) {
            return Pause.then(word, millis);
        }
    }
}
