package io.asyncmcp.server.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.server.exchange.ToolCall;
import io.asyncmcp.server.transport.AsyncStatelessTransport;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.RequestMemory;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.server.McpStatelessSyncServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ToolFaceTests {

    private static final Map<String, Object> SCHEMA = Map.of(
            "type", "object", "properties", Map.of("year", Map.of("type", "integer")), "required", List.of("year"));

    private static final Map<String, Object> FITTING = Map.of("year", 2026);

    private static final Map<String, Object> MISFIT = Map.of("year", "next");

    private final ToolFace face = new ToolFace();

    private final CompletableFuture<CallToolResult> answer = new CompletableFuture<>();

    private final List<ToolCall> calls = new ArrayList<>();

    private final ToolFace.OwnTool own = face.add(tool(), call -> {
        calls.add(call);
        return answer;
    });

    private @Nullable McpStatelessServerHandler handler;

    private McpStatelessSyncServer server;

    private static Tool tool() {
        return Tool.builder("report", SCHEMA).build();
    }

    private McpStatelessSyncServer server(boolean validateToolInputs) {
        AsyncStatelessTransport transport = new AsyncStatelessTransport(
                new Wire(), new RequestMemory(Limits.DEFAULTS), new Dialects(List.of(face)));
        return McpServer.sync(transport)
                .capabilities(ServerCapabilities.builder().tools(true).build())
                .validateToolInputs(validateToolInputs)
                .immediateExecution(true)
                .tools(ToolSpecifications.statelessSync(own.tool(), own.handler()))
                .build();
    }

    @BeforeEach
    void start() {
        server = server(true);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CompletableFuture<JSONRPCResponse> call(Map<String, Object> arguments) {
        return Objects.requireNonNull(handler)
                .handleRequest(
                        McpTransportContext.EMPTY,
                        new JSONRPCRequest("tools/call", 1, Map.of("name", "report", "arguments", arguments)))
                .toFuture();
    }

    private static CallToolResult text(String text) {
        return CallToolResult.builder().addTextContent(text).build();
    }

    private static String text(CompletableFuture<JSONRPCResponse> response) {
        CallToolResult result = (CallToolResult) response.join().result();
        return ((TextContent) result.content().get(0)).text();
    }

    @Test
    void nobodyWaitsForTheAnswer() {
        CompletableFuture<JSONRPCResponse> response = call(FITTING);
        assertThat(response).isNotDone();
        assertThat(calls).hasSize(1);
        answer.complete(text("done"));
        assertThat(text(response)).isEqualTo("done");
    }

    @Test
    void toolThatWasRemovedIsUnknown() {
        server.removeTool("report");
        assertThat(call(FITTING).join().error().message()).isEqualTo("Unknown tool: report");
        assertThat(calls).isEmpty();
    }

    @Test
    void toolThatWasReplacedIsTheOtherOne() {
        server.removeTool("report");
        server.addTool(new SyncToolSpecification(tool(), (context, request) -> text("the other one")));
        assertThat(text(call(FITTING))).isEqualTo("the other one");
        assertThat(calls).isEmpty();
    }

    @Test
    void sdkRefusesArgumentsThatDoNotFit() {
        assertThat(text(call(MISFIT))).contains("input validation failed");
        assertThat(text(call(Map.of()))).contains("input validation failed");
        assertThat(calls).isEmpty();
    }

    @Test
    void serverMayTakeArgumentsThatDoNotFit() {
        server.close();
        server = server(false);
        answer.complete(text("done"));
        assertThat(text(call(MISFIT))).isEqualTo("done");
        assertThat(text(call(MISFIT))).isEqualTo("done");
        assertThat(calls).hasSize(2).allMatch(call -> call.stream() != null);
    }

    private final class Wire implements McpStatelessServerTransport {

        @Override
        public void setMcpHandler(McpStatelessServerHandler given) {
            handler = given;
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }
    }
}
