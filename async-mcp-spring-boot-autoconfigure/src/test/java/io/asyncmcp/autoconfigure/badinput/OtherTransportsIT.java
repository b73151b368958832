package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.CancelOn;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServerFeatures;
import io.modelcontextprotocol.server.McpStatelessServerFeatures;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.Prompt;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;

/** STATELESS and SSE take what is wrong as STREAMABLE does. */
class OtherTransportsIT {

    private static final Tool NULL = new Tool("null", "null", "null", Map.of("type", "object"), null, null, null, null);

    private static final String[] QUIET = {
        "logging.level.org.springframework.ai.mcp=off", "logging.level.io.modelcontextprotocol=off"
    };

    static class StatelessTools {

        @Bean
        List<McpStatelessServerFeatures.SyncToolSpecification> tools() {
            return List.of(new McpStatelessServerFeatures.SyncToolSpecification(NULL, (context, request) -> null));
        }
    }

    static class SessionTools {

        @Bean
        List<McpServerFeatures.SyncToolSpecification> tools() {
            return List.of(new McpServerFeatures.SyncToolSpecification(NULL, (exchange, request) -> null));
        }

        @Bean
        List<McpServerFeatures.SyncPromptSpecification> prompts() {
            return List.of(new McpServerFeatures.SyncPromptSpecification(
                    Prompt.builder("broken").build(), (exchange, request) -> {
                        throw new NullPointerException("the field secret is null");
                    }));
        }
    }

    private static void assertError(HttpResponse<String> response, int status, int code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(message(response).path("error").path("code").asInt())
                .as(response.body())
                .isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void stateless(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(
                web, StatelessTools.class, QUIET[0], QUIET[1], "spring.ai.mcp.server.protocol=STATELESS")) {
            RawClient client = new RawClient(server);
            assertError(client.post(""), 400, -32700);
            assertError(client.post("not JSON"), 400, -32700);
            assertError(client.post("null"), 400, -32600);
            assertError(client.post("[]"), 400, -32600);
            assertError(client.post("{\"jsonrpc\": \"2.0\", \"id\": {}, \"method\": \"ping\"}"), 400, -32600);
            assertError(client.post("{}", "Accept", "text/html"), 400, -32600);
            assertError(client.send("GET", "Accept", "text/event-stream"), 405, -32600);
            assertError(client.request("no/such/method", "{}", "1"), 200, -32601);
            assertError(client.request("tools/call", "null", "1"), 200, -32602);
            assertError(client.request("tools/call", "[]", "1"), 200, -32602);
            assertError(client.request("tools/call", "{\"name\": \"null\"}", "1"), 200, -32603);
            assertThat(client.request("tools/list", "{}").has("result")).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void sse(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(
                        web, SessionTools.class, QUIET[0], QUIET[1], "spring.ai.mcp.server.protocol=SSE");
                McpSyncClient client = server.connectBySse()) {
            String ping = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}";
            assertError(new RawClient("/mcp/message", server).post(ping), 400, -32600);
            assertError(new RawClient("/mcp/message?sessionId=none", server).post(ping), 404, -32600);
            assertError(new RawClient("/sse", server).post(ping), 405, -32600);
            assertError(new RawClient("/mcp/message", server).send("GET", "Accept", "text/event-stream"), 405, -32600);
            assertThatThrownBy(() -> client.callTool(new CallToolRequest("null", Map.of(), null)))
                    .isInstanceOfSatisfying(
                            McpError.class,
                            error -> assertThat(error.getJsonRpcError().code()).isEqualTo(-32603));
            assertThatThrownBy(() -> client.getPrompt(new GetPromptRequest("broken", Map.of(), null)))
                    .isInstanceOfSatisfying(
                            McpError.class,
                            error -> assertThat(error.getJsonRpcError().toString())
                                    .contains("internal error")
                                    .doesNotContain("secret", "NullPointer"));
        }
    }

    static class SlowTools {

        @Bean
        Slow slow() {
            return new Slow();
        }
    }

    static class Slow {

        @AsyncTool(name = "slow", timeout = "15s", cancelOn = CancelOn.DISCONNECT)
        void slow() throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }

    /** Opens the stream of a session of the deprecated transport. */
    private static Stream<String> listen(String context, TestServer server) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + context + "/sse"))
                                .header("Accept", "text/event-stream")
                                .build(),
                        BodyHandlers.ofLines())
                .body();
    }

    private static Iterator<String> events(Stream<String> stream) {
        return stream.filter(line -> line.startsWith("data:"))
                .map(line -> line.substring("data:".length()).strip())
                .iterator();
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void clientOverSseThatGoesAwayIsNoticed(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(
                web,
                SlowTools.class,
                QUIET[0],
                QUIET[1],
                "spring.ai.mcp.server.protocol=SSE",
                "server.servlet.context-path=/app",
                "spring.webflux.base-path=/app",
                "async.mcp.heartbeat-interval=100ms")) {
            String path;
            AsyncExecutor executor = server.bean(AsyncExecutor.class);
            try (Stream<String> stream = listen("/app", server)) {
                path = events(stream).next();
                RawClient client = new RawClient(path, server);
                client.post(RawClient.INITIALIZE);
                client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
                client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\","
                        + " \"params\": {\"name\": \"slow\", \"arguments\": {}}}");
                await().until(() -> executor.statistics().waiting() == 1);
            }
            await().until(() -> executor.statistics().working() == 0);
            assertError(
                    new RawClient(path, server).post("{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": \"ping\"}"),
                    404,
                    -32600);
        }
    }

    @Test
    void clientOverSseThatIsNeverReadyHoldsNoThread() throws Exception {
        try (TestServer server = TestServer.start(
                WebApplicationType.SERVLET,
                SessionTools.class,
                QUIET[0],
                QUIET[1],
                "spring.ai.mcp.server.protocol=SSE",
                "server.tomcat.threads.max=4")) {
            try (Stream<String> stream = listen("", server)) {
                Iterator<String> events = events(stream);
                RawClient client = new RawClient(events.next(), server);
                // Each is answered before the next is sent: 200, or the client gives up on it.
                for (int id = 1; id <= 20; id++) {
                    assertThat(client.post("{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"method\": \"tools/list\"}")
                                    .statusCode())
                            .isEqualTo(200);
                }
                assertThat(events.next()).contains("not initialized", "\"id\":17");
                client.post("{\"jsonrpc\": \"2.0\", \"id\": 21, \"method\": \"ping\"}");
                for (int id = 18; id <= 20; id++) {
                    assertThat(events.next()).contains("not initialized", "\"id\":" + id);
                }
                assertThat(events.next()).contains("\"id\":21", "\"result\"");
                client.post(RawClient.INITIALIZE);
                assertThat(events.next()).contains("\"id\":0", "protocolVersion");
                client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
                for (int id = 1; id <= 16; id++) {
                    assertThat(events.next()).contains("\"id\":" + id, "\"tools\"");
                }
            }
        }
    }
}
