package io.asyncmcp.autoconfigure.tool;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import reactor.core.publisher.Mono;

/** Spring AI takes only reactive methods on such a server; {@code @AsyncTool} takes both. */
class ToolOriginAsyncIT extends ToolOriginContract {

    ToolOriginAsyncIT() {
        super("ASYNC", Async.class);
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Common.class)
    static class Async {

        @Bean
        McpTools mcpTools() {
            return new McpTools();
        }

        @Bean
        List<AsyncToolSpecification> handmadeTools() {
            return List.of(handmade("handmade"), handmade("handmade_plain"));
        }

        private static AsyncToolSpecification handmade(String name) {
            return AsyncToolSpecification.builder()
                    .tool(Tool.builder(name, Map.of("type", "object")).build())
                    .callHandler((exchange, request) -> Pause.thenMono(
                                    (String) request.arguments().get("word"),
                                    ((Number) request.arguments().get("millis")).intValue())
                            .map(text -> CallToolResult.builder()
                                    .addTextContent(text)
                                    .build()))
                    .build();
        }
    }

    static class McpTools {

        @McpTool(name = "beside", title = "Beside", description = "Stands beside")
        @AsyncTool(timeout = "100ms")
        public Mono<String> beside(String word, int millis) {
            return Pause.thenMono(word, millis);
        }

        @McpTool(name = "configured")
        public Mono<String> configured(String word, int millis) {
            return Pause.thenMono(word, millis);
        }

        @McpTool(name = "switched_off")
        @AsyncTool(timeout = "100ms")
        public Mono<String> switchedOff(String word, int millis) {
            return Pause.thenMono(word, millis);
        }
    }
}
