package io.asyncmcp.sample;

import static io.asyncmcp.sample.ToolCalls.call;
import static io.asyncmcp.sample.ToolCalls.follow;
import static io.asyncmcp.sample.ToolCalls.structured;
import static io.asyncmcp.sample.ToolCalls.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The packaged sample on the beans that the build generated code for.
 *
 * <p>It is told on the command line what the build did not know, to see that these settings are still read at run time.
 */
class AheadOfTimeIT {

    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(60);

    private static PackagedSample sample;

    private McpSyncClient client;

    @BeforeAll
    static void start() throws IOException {
        sample = PackagedSample.start(
                Path.of("target/ahead-of-time.log"),
                "-Dspring.aot.enabled=true",
                List.of(
                        "--async.mcp.tools.wait_for.timeout=1s",
                        "--async.mcp.tools.echo.timeout=10s",
                        "--async.mcp.list-tool.enabled=false"));
    }

    @AfterAll
    static void stop() {
        if (sample != null) {
            sample.close();
        }
    }

    @BeforeEach
    void connect() throws IOException {
        var transport = HttpClientStreamableHttpTransport.builder(sample.url()).build();
        client = McpClient.sync(transport)
                .initializationTimeout(LONGEST_REQUEST)
                .requestTimeout(LONGEST_REQUEST)
                .build();
        client.initialize();
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void generatedBeansAreUsed() throws IOException {
        assertThat(sample.log()).contains("Starting AOT-processed SampleApplication");
    }

    @Test
    void toolsAreListedExceptTheOneSwitchedOffAtRunTime() {
        assertThat(client.listTools().tools())
                .extracting(Tool::name)
                .containsExactlyInAnyOrder(
                        "render_fractal",
                        "analyze_text",
                        "publish_page",
                        "wait_for",
                        "echo",
                        "continue_operation",
                        "cancel_operation");
    }

    @Test
    void ordinaryToolIsMadeAnOperationByASetting() {
        assertThat(text(follow(client, call(client, "echo", Map.of("message", "hello")))))
                .isEqualTo("hello");

        // Only operations are measured, and the timer may come a moment after the answer.
        await().atMost(LONGEST_REQUEST)
                .untilAsserted(() -> assertThat(status("/actuator/metrics/async.mcp.operations?tag=tool:echo"))
                        .isEqualTo(200));
    }

    @Test
    void longCallIsContinuedToItsEnd() {
        CallToolResult first = call(client, "wait_for", Map.of("seconds", 6, "label", "tea"));
        assertThat(structured(first)).containsEntry("status", "processing").containsEntry("operation_type", "wait_for");

        assertThat(text(follow(client, first))).isEqualTo("tea: Waited for 6 seconds.");
    }

    @Test
    void recordBecomesStructuredContent() {
        CallToolResult result = follow(client, call(client, "analyze_text", Map.of("mostFrequent", 1)));

        assertThat(structured(result))
                .containsEntry("words", 1336)
                .containsEntry("mostFrequentWords", List.of(Map.of("word", "of", "count", 78)));
    }

    private static int status(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(sample.url() + path))
                .timeout(LONGEST_REQUEST)
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }
}
