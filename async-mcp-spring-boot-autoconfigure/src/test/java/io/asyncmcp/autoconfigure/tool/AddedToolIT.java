package io.asyncmcp.autoconfigure.tool;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.tool.ToolOriginContract.Pause;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncToolSettings;
import io.asyncmcp.server.tool.AsyncTools;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessAsyncServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** A tool that is added at run time is asynchronous if it has been made so, on every kind of server. */
class AddedToolIT {

    private static final Tool TOOL =
            Tool.builder("added", Map.of("type", "object")).build();

    @Configuration(proxyBeanMethods = false)
    static class NoTools {}

    @ParameterizedTest
    @CsvSource({"STREAMABLE, SYNC", "STREAMABLE, ASYNC", "STATELESS, SYNC", "STATELESS, ASYNC"})
    void isAnsweredWithAHandle(String protocol, String type) {
        try (TestServer server = TestServer.start(
                WebApplicationType.SERVLET,
                NoTools.class,
                "spring.ai.mcp.server.protocol=" + protocol,
                "spring.ai.mcp.server.type=" + type)) {
            add(server, protocol + " " + type);
            try (McpSyncClient client = server.connect()) {
                String word = "added to " + protocol + " " + type;
                CallToolResult processing = call(client, "added", Map.of("word", word));
                assertThat(structured(processing)).containsEntry("operation_type", "added");
                Pause.release(word);
                CallToolResult result = call(
                        client,
                        "continue_operation",
                        Map.of("operation_id", structured(processing).get("operation_id")));
                assertThat(text(result)).isEqualTo("said " + word);
            }
        }
    }

    private static void add(TestServer server, String kind) {
        AsyncTools tools = server.bean(AsyncTools.class);
        AsyncToolSettings settings = AsyncToolSettings.DEFAULTS.withTimeout(Duration.ofMillis(100));
        switch (kind) {
            case "STREAMABLE SYNC" ->
                server.bean(McpSyncServer.class)
                        .addTool(tools.asynchronous(
                                new McpServerFeatures.SyncToolSpecification(
                                        TOOL,
                                        (exchange, request) -> said(request).block()),
                                settings));
            case "STREAMABLE ASYNC" ->
                server.bean(McpAsyncServer.class)
                        .addTool(tools.asynchronous(
                                new McpServerFeatures.AsyncToolSpecification(
                                        TOOL, (exchange, request) -> said(request)),
                                settings))
                        .block();
            case "STATELESS SYNC" ->
                server.bean(McpStatelessSyncServer.class)
                        .addTool(tools.asynchronous(
                                new McpStatelessServerFeatures.SyncToolSpecification(
                                        TOOL,
                                        (context, request) -> said(request).block()),
                                settings));
            default ->
                server.bean(McpStatelessAsyncServer.class)
                        .addTool(tools.asynchronous(
                                new McpStatelessServerFeatures.AsyncToolSpecification(
                                        TOOL, (context, request) -> said(request)),
                                settings))
                        .block();
        }
    }

    private static Mono<CallToolResult> said(CallToolRequest request) {
        return Pause.thenMono((String) request.arguments().get("word"), 30_000)
                .map(text -> CallToolResult.builder().addTextContent(text).build());
    }
}
