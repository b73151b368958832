package io.asyncmcp.sample;

import static io.asyncmcp.sample.ToolCalls.operationId;
import static io.asyncmcp.sample.ToolCalls.structured;
import static io.asyncmcp.sample.ToolCalls.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult.Action;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"async.mcp.default-timeout=1s", "async.mcp.tools.render_fractal.timeout=0s"})
class SampleApplicationIT {

    @TempDir
    private static Path pages;

    @LocalServerPort
    private int port;

    private final List<String> progress = new CopyOnWriteArrayList<>();

    private McpSyncClient client;

    @DynamicPropertySource
    static void pagesFolder(DynamicPropertyRegistry registry) {
        registry.add("sample.pages-folder", pages::toString);
    }

    @BeforeEach
    void connect() {
        client = McpClient.sync(transport())
                .progressConsumer(report -> progress.add(report.message()))
                .build();
        client.initialize();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void greetsAClient() {
        assertThat(client.getServerInfo().name()).isEqualTo("async-mcp-sample");
    }

    @Test
    void toolsAreListed() {
        assertThat(client.listTools().tools())
                .extracting(Tool::name)
                .containsExactlyInAnyOrder(
                        "render_fractal",
                        "analyze_text",
                        "publish_page",
                        "wait_for",
                        "echo",
                        "continue_operation",
                        "cancel_operation",
                        "list_operations");
    }

    @Test
    void schemasShowTheArgumentsAndNothingInternal() {
        Map<String, Object> wait = tool("wait_for").inputSchema();
        assertThat(wait.get("properties")).asInstanceOf(MAP).containsOnlyKeys("seconds", "label");
        assertThat(wait.get("required")).isEqualTo(List.of("seconds"));
        assertThat(wait).doesNotContainKey("$defs");

        Map<String, Object> render = tool("render_fractal").inputSchema();
        assertThat(render.get("properties"))
                .asInstanceOf(MAP)
                .containsKeys("width", "palette", "juliaY")
                .doesNotContainKey("context");
        assertThat(render.get("required")).isEqualTo(List.of());

        assertThat(tool("analyze_text").outputSchema()).containsEntry("type", "object");
    }

    @Test
    void ordinaryToolStaysAsItIs() {
        assertThat(text(call("echo", Map.of("message", "hello")))).isEqualTo("hello");
    }

    @Test
    void quickCallIsAnsweredAtOnceWithStructuredContent() {
        CallToolResult result = call("analyze_text", Map.of("mostFrequent", 1));

        assertThat(structured(result)).containsEntry("words", 1336);
        assertThat(structured(result)).containsEntry("mostFrequentWords", List.of(Map.of("word", "of", "count", 78)));
    }

    @Test
    void pictureComesThroughAHandle() throws IOException {
        CallToolResult first = call("render_fractal", Map.of("width", 80, "height", 60, "palette", "OCEAN"));
        assertThat(structured(first)).containsEntry("status", "processing");

        CallToolResult result = follow(first);

        ImageContent image = (ImageContent) result.content().get(1);
        var picture = ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(image.data())));
        assertThat(picture.getWidth()).isEqualTo(80);
        assertThat(picture.getHeight()).isEqualTo(60);
    }

    @Test
    void argumentOutOfBoundsIsExplained() {
        CallToolResult result = follow(call("render_fractal", Map.of("width", 1_000_000)));

        assertThat(result.isError()).isTrue();
        assertThat(text(result)).contains("width must be from 1 to 4096, but was 1000000");
    }

    @Test
    void longWaitIsContinuedToItsEndAndReportsProgress() {
        CallToolResult first = call("wait_for", Map.of("seconds", 3, "label", "tea"));
        assertThat(structured(first)).containsEntry("status", "processing").containsEntry("operation_type", "wait_for");

        assertThat(text(follow(first))).isEqualTo("tea: Waited for 3 seconds.");
        assertThat(progress).anyMatch(message -> message.endsWith("of 3 seconds"));
    }

    @Test
    void cancelledWaitEnds() {
        CallToolResult first = call("wait_for", Map.of("seconds", 600));
        String id = operationId(first);

        call("cancel_operation", Map.of("operation_id", id));

        CallToolResult end = call("continue_operation", Map.of("operation_id", id, "wait_time", 5));
        assertThat(end.isError()).isTrue();
        assertThat(structured(end)).containsEntry("status", "cancelled");
    }

    @Test
    void pageIsPublishedOnceTheUserAgrees() {
        CallToolResult result = publish("Agreed", Action.ACCEPT);

        assertThat(text(result)).startsWith("Published \"Agreed\"");
        assertThat(pages.resolve("page-agreed.html")).content().contains("<h1>Agreed</h1>");
    }

    @Test
    void pageIsNotPublishedIfTheUserDeclines() {
        CallToolResult result = publish("Declined", Action.DECLINE);

        assertThat(text(result)).isEqualTo("Nothing was written: the user declined.");
        assertThat(pages.resolve("page-declined.html")).doesNotExist();
    }

    @Test
    void pageNeedsAClientThatCanAsk() {
        CallToolResult result = follow(call("publish_page", Map.of("title", "Unasked", "body", "x")));

        assertThat(result.isError()).isTrue();
        assertThat(text(result)).contains("did not declare the elicitation capability");
    }

    private CallToolResult publish(String title, Action action) {
        McpSyncClient asked = McpClient.sync(transport())
                .capabilities(ClientCapabilities.builder().elicitation().build())
                .elicitation(question -> ElicitResult.builder(action)
                        .content(action == Action.ACCEPT ? Map.of("publish", true) : Map.of())
                        .build())
                .build();
        try (asked) {
            asked.initialize();
            return ToolCalls.follow(
                    asked, ToolCalls.call(asked, "publish_page", Map.of("title", title, "body", "Text")));
        }
    }

    private HttpClientStreamableHttpTransport transport() {
        return HttpClientStreamableHttpTransport.builder("http://localhost:" + port)
                .build();
    }

    private Tool tool(String name) {
        return client.listTools().tools().stream()
                .filter(tool -> tool.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private CallToolResult call(String tool, Map<String, Object> arguments) {
        return ToolCalls.call(client, tool, arguments);
    }

    private CallToolResult follow(CallToolResult first) {
        return ToolCalls.follow(client, first);
    }
}
