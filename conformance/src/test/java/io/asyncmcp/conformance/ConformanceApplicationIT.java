package io.asyncmcp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationListener;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** The fixture without the suite: it starts, and has what the suite will ask for. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ConformanceApplicationIT {

    @TestConfiguration
    static class Listening {

        @Bean
        Started started() {
            return new Started();
        }
    }

    static final class Started implements OperationListener {

        final Queue<String> types = new ConcurrentLinkedQueue<>();

        @Override
        public void started(Operation operation) {
            types.add(operation.type());
        }
    }

    @LocalServerPort
    private int port;

    @Autowired
    private Started started;

    private McpSyncClient client;

    @BeforeEach
    void connect() {
        var transport = HttpClientStreamableHttpTransport.builder("http://localhost:" + port)
                .build();
        client = McpClient.sync(transport).build();
        client.initialize();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void toolsOfTheSuiteAreListed() {
        assertThat(client.listTools().tools())
                .extracting(Tool::name)
                .containsExactlyInAnyOrder(
                        "test_simple_text",
                        "test_image_content",
                        "test_audio_content",
                        "test_embedded_resource",
                        "test_multiple_content_types",
                        "test_error_handling",
                        "test_tool_with_progress",
                        "test_tool_with_logging",
                        "test_sampling",
                        "test_elicitation",
                        "test_elicitation_sep1034_defaults",
                        "test_elicitation_sep1330_enums",
                        "json_schema_2020_12_tool",
                        "continue_operation");
    }

    /** Otherwise the suite would judge Spring AI and not us. A tool that asks fails here, after it has begun. */
    @Test
    void everyToolButThePlainOneRunsAsAnOperation() {
        Map<String, Map<String, Object>> arguments = Map.of(
                "test_sampling", Map.of("prompt", "What?"),
                "test_elicitation", Map.of("message", "Who?"),
                "json_schema_2020_12_tool", Map.of("email", "who@example.org"));
        List<String> called = client.listTools().tools().stream()
                .map(Tool::name)
                .filter(name -> name.startsWith("test_") || name.startsWith("json_"))
                .toList();
        called.forEach(name -> client.callTool(CallToolRequest.builder(name)
                .arguments(arguments.getOrDefault(name, Map.of()))
                .build()));

        assertThat(called).hasSize(13).contains("test_simple_text");
        assertThat(started.types)
                .containsExactlyInAnyOrderElementsOf(called.stream()
                        .filter(name -> !name.equals("test_simple_text"))
                        .toList());
    }

    @Test
    void resourcesTakeSubscriptions() {
        assertThat(client.getServerCapabilities().resources().subscribe()).isTrue();

        client.subscribeResource(
                SubscribeRequest.builder("test://watched-resource").build());
    }
}
