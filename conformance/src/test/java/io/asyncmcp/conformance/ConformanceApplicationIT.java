package io.asyncmcp.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncmcp.Operation;
import io.asyncmcp.OperationListener;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    private static final Map<String, Map<String, Object>> ARGUMENTS = Map.of(
            "test_sampling", Map.of("prompt", "What?"),
            "test_elicitation", Map.of("message", "Who?"),
            "json_schema_2020_12_tool", Map.of("email", "who@example.org"),
            "greet", Map.of("name", "World"),
            "slow_compute", Map.of("seconds", 0, "label", "nothing"),
            "confirm_delete", Map.of("filename", "none.txt"));

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
        started.types.clear();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void toolsOfTheSuiteAreListed() {
        assertThat(names())
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
                        "test_custom_header",
                        "test_missing_capability",
                        "test_streaming_elicitation",
                        "test_logging_tool",
                        "test_trigger_tool_change",
                        "test_trigger_prompt_change",
                        "test_input_required_result_elicitation",
                        "test_input_required_result_sampling",
                        "test_input_required_result_list_roots",
                        "test_input_required_result_request_state",
                        "test_input_required_result_tampered_state",
                        "test_input_required_result_multiple_inputs",
                        "test_input_required_result_multi_round",
                        "test_input_required_result_capabilities",
                        "greet",
                        "slow_compute",
                        "failing_job",
                        "protocol_error_job",
                        "confirm_delete",
                        "multi_input",
                        "test_tool_with_task",
                        "continue_operation");
    }

    /**
     * Otherwise the suite would judge Spring AI and not us. A tool that asks fails here, after it has begun. Those that ask
     * through an {@code OperationContext} are left out: they can run as nothing else.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
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
                "test_input_required_result_sampling",
                "test_input_required_result_list_roots",
                "test_input_required_result_request_state",
                "test_input_required_result_tampered_state",
                "test_input_required_result_capabilities",
                "slow_compute",
                "confirm_delete"
            })
    void runsAsAnOperation(String tool) {
        call(tool);

        assertThat(started.types).containsExactly(tool);
    }

    @Test
    void protocolErrorThatAnOperationEndsWithIsThatError() {
        assertThatThrownBy(() -> call("protocol_error_job"))
                .isInstanceOf(McpError.class)
                .hasMessageContaining("intentionally ends with an error of the protocol");
        assertThat(started.types).containsExactly("protocol_error_job");
    }

    @ParameterizedTest
    @ValueSource(strings = {"test_simple_text", "greet", "test_streaming_elicitation", "test_logging_tool"})
    void isLeftPlain(String tool) {
        call(tool);

        assertThat(started.types).isEmpty();
    }

    @Test
    void toolThatNeedsSamplingRefusesClientsWithout() {
        assertThatThrownBy(() -> call("test_missing_capability")).isInstanceOfSatisfying(McpError.class, error -> {
            assertThat(error.getJsonRpcError().code()).isEqualTo(-32021);
            assertThat(error.getJsonRpcError().data())
                    .isEqualTo(Map.of("requiredCapabilities", Map.of("sampling", Map.of())));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"failing_job", "test_tool_with_task"})
    void isForTasksAlone(String tool) {
        assertThatThrownBy(() -> call(tool)).isInstanceOf(McpError.class).hasMessageContaining("task");
        assertThat(started.types).isEmpty();
    }

    @Test
    void toolAndPromptComeAndGo() {
        call("test_trigger_tool_change");
        call("test_trigger_prompt_change");
        assertThat(names()).contains(ChangingTools.PASSING);
        assertThat(client.listPrompts().prompts()).extracting(Prompt::name).contains(ChangingTools.PASSING);

        call("test_trigger_tool_change");
        call("test_trigger_prompt_change");
        assertThat(names()).doesNotContain(ChangingTools.PASSING);
        assertThat(client.listPrompts().prompts()).extracting(Prompt::name).doesNotContain(ChangingTools.PASSING);
    }

    @Test
    void resourcesTakeSubscriptions() {
        assertThat(client.getServerCapabilities().resources().subscribe()).isTrue();

        client.subscribeResource(
                SubscribeRequest.builder("test://watched-resource").build());
    }

    private List<String> names() {
        return client.listTools().tools().stream().map(Tool::name).toList();
    }

    private void call(String tool) {
        client.callTool(CallToolRequest.builder(tool)
                .arguments(ARGUMENTS.getOrDefault(tool, Map.of()))
                .build());
    }
}
