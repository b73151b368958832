package io.asyncmcp.autoconfigure.tool;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class ToolOriginSyncIT extends ToolOriginContract {

    ToolOriginSyncIT() {
        super("SYNC", Sync.class, "async.mcp.tools.configured_pages.timeout=15s");
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

        @McpTool(name = "pages", generateOutputSchema = true)
        @AsyncTool(timeout = "15s")
        public List<Page> pages() {
            return List.of(new Page(1));
        }

        @McpTool(name = "configured_pages", generateOutputSchema = true)
        public List<Page> configuredPages() {
            return List.of(new Page(2));
        }
    }

    record Page(int number) {}

    /** Spring AI describes lists as they are; clients of most versions take objects alone. */
    @ParameterizedTest
    @CsvSource({"pages, 1", "configured_pages, 2"})
    void resultThatIsAListBecomesAnObjectWithItsSchema(String name, int number) {
        Tool tool = tool(name);
        assertThat(tool.outputSchema()).containsEntry("type", "object");
        CallToolResult answer = call(client(), name, Map.of());
        assertThat(answer.structuredContent()).isEqualTo(Map.of("result", List.of(Map.of("number", number))));
        assertThat(McpJsonDefaults.getSchemaValidator()
                        .validate(tool.outputSchema(), answer.structuredContent())
                        .errorMessage())
                .isNull();
        // The generic schema is not all that is said.
        assertThat(tool.outputSchema().toString()).contains("number");
    }
}
