package io.asyncmcp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.Root;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the fixture asks, and that it uses the answers: asked of a client that answers everything. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class QuestionsIT {

    private static final Map<String, Object> FORM =
            Map.of("name", "Alice", "color", "blue", "ok", true, "confirm", true, "context", "a test");

    @LocalServerPort
    private int port;

    private McpSyncClient client;

    @BeforeEach
    void connect() {
        var transport = HttpClientStreamableHttpTransport.builder("http://localhost:" + port)
                .build();
        client = McpClient.sync(transport)
                .capabilities(ClientCapabilities.builder()
                        .elicitation()
                        .sampling()
                        .roots(false)
                        .build())
                .elicitation(form -> ElicitResult.builder(ElicitResult.Action.ACCEPT)
                        .content(FORM)
                        .build())
                .sampling(prompt -> CreateMessageResult.builder(Role.ASSISTANT, "Paris.", "model")
                        .build())
                .roots(Root.builder("file:///test/root").build())
                .build();
        client.initialize();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    test_input_required_result_elicitation     | Hello, Alice!
                    test_input_required_result_sampling        | Paris.
                    test_input_required_result_list_roots      | file:///test/root
                    test_input_required_result_request_state   | state-ok: true
                    test_input_required_result_tampered_state  | Confirmed: true
                    test_input_required_result_multiple_inputs | Paris. To Alice, from [Root[uri=file:///test/root
                    test_input_required_result_multi_round     | Alice likes blue
                    test_input_required_result_capabilities    | name: Alice, model: Paris., roots: [Root
                    test_missing_capability                    | Paris.
                    test_streaming_elicitation                 | Hello, Alice!
                    confirm_delete                             | Delete none.txt: true
                    multi_input                                | Alice: true
                    """)
    void answersAreUsed(String tool, String expected) {
        CallToolResult result = client.callTool(CallToolRequest.builder(tool)
                .arguments(tool.equals("confirm_delete") ? Map.of("filename", "none.txt") : Map.of())
                .build());

        assertThat(result.content())
                .first()
                .isInstanceOfSatisfying(
                        TextContent.class, text -> assertThat(text.text()).contains(expected));
    }

    @Test
    void promptAsksToo() {
        var prompt = client.getPrompt(
                GetPromptRequest.builder("test_input_required_result_prompt").build());

        assertThat(prompt.messages().get(0).content())
                .isInstanceOfSatisfying(
                        TextContent.class, text -> assertThat(text.text()).isEqualTo("Use this context: a test"));
    }
}
