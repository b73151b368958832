package io.asyncmcp.autoconfigure.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.StdioChild;
import io.asyncmcp.server.AsyncTool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.method.MethodToolCallbackProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** The bytes of {@code tools/list} depend on nothing that is another in every process, such as the order of immutable maps. */
class SameListIT {

    /** The child's main class. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Server {

        public static void main(String[] args) {
            StdioChild.serve(
                    Server.class,
                    args,
                    "async.mcp.cancel-tool.enabled=true",
                    "async.mcp.list-tool.enabled=true",
                    "async.mcp.tools.named.timeout=30s");
        }

        @Bean
        Reports reports() {
            return new Reports();
        }

        @Bean
        MethodToolCallbackProvider callbacks() {
            return MethodToolCallbackProvider.builder()
                    .toolObjects(new Callbacks())
                    .build();
        }
    }

    record Line(String title, Map<String, Integer> amounts, List<Kind> kinds) {}

    enum Kind {
        SMALL,
        MEDIUM,
        LARGE
    }

    static class Reports {

        @AsyncTool(name = "alone", generateOutputSchema = true)
        Line alone(String title, int amount, Kind kind, Line line) {
            return line;
        }

        @AsyncTool
        @McpTool(name = "beside", generateOutputSchema = true)
        public List<Line> beside(String title, int amount, Kind kind, Line line) {
            return List.of(line);
        }

        @McpTool(name = "named", generateOutputSchema = true)
        public Map<String, Line> named(String title, int amount, Kind kind, Line line) {
            return Map.of(title, line);
        }

        @McpTool(name = "plain", generateOutputSchema = true)
        public Line plain(String title, int amount, Kind kind, Line line) {
            return line;
        }
    }

    static class Callbacks {

        @Tool(name = "callback")
        public Line callback(String title, int amount, Kind kind, Line line) {
            return line;
        }
    }

    @Test
    @Timeout(180)
    void everyProcessSaysTheSame() throws Exception {
        try (StdioChild one = StdioChild.start(Server.class);
                StdioChild other = StdioChild.start(Server.class)) {
            String list = list(one);
            assertThat(list).contains("alone", "beside", "named", "plain", "callback", "list_operations");
            assertThat(list(other)).isEqualTo(list);
        }
    }

    private static String list(StdioChild child) throws IOException {
        child.say("{\"jsonrpc\": \"2.0\", \"id\": 0, \"method\": \"initialize\", \"params\":"
                + " {\"protocolVersion\": \"2025-11-25\", \"capabilities\": {},"
                + " \"clientInfo\": {\"name\": \"raw\", \"version\": \"1\"}}}");
        child.next();
        child.say("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
        child.say("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/list\"}");
        JsonNode answer = child.next();
        assertThat(answer.path("id").asInt()).as(answer.toString()).isEqualTo(1);
        return answer.toString();
    }
}
