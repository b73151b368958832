package io.asyncmcp.autoconfigure.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Spring AI lets an application say of its transport holds for our endpoint too. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpringAiSettingsIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String INITIALIZE = """
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25",
            "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}
            """;

    static final String CALL = """
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "quick", "arguments": {}}}
            """;

    static final String SETTINGS = "spring.ai.mcp.server.streamable-http.";

    private static final String PATH = "/api/tools";

    private static final Duration LONG = Duration.ofSeconds(20);

    @Parameter
    WebApplicationType web;

    private final HttpClient http = HttpClient.newHttpClient();

    private TestServer server;

    static class Tools {

        @AsyncTool(name = "quick")
        String quick() {
            return "done";
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                SETTINGS + "mcp-endpoint=" + PATH,
                SETTINGS + "disallow-delete=true",
                SETTINGS + "keep-alive-interval=200ms",
                // For clients that listen and do not answer.
                "logging.level.io.modelcontextprotocol=off");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    private HttpRequest.Builder request(String path, String session) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .timeout(LONG)
                .headers("Content-Type", "application/json", "Accept", "application/json, text/event-stream");
        return session.isEmpty() ? request : request.header("Mcp-Session-Id", session);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String session, String body) throws Exception {
        return send(request(PATH, session).POST(BodyPublishers.ofString(body)));
    }

    private String open() throws Exception {
        String session =
                post("", INITIALIZE).headers().firstValue("Mcp-Session-Id").orElseThrow();
        assertThat(post(session, "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}")
                        .statusCode())
                .isEqualTo(202);
        return session;
    }

    @Test
    void anotherPathIsServedAndTheUsualOneIsNot() throws Exception {
        assertThat(post(open(), CALL).body()).contains("done");
        assertThat(send(request("/mcp", "").POST(BodyPublishers.ofString(INITIALIZE)))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void clientMayNotEndItsSession() throws Exception {
        String session = open();
        HttpResponse<String> refused = send(request(PATH, session).DELETE());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).contains("GET, POST");
        assertThat(post(session, CALL).body()).contains("done");
    }

    @Test
    void clientThatListensIsAskedWhetherItIsStillThere() throws Exception {
        String session = open();
        try (Stream<String> lines = http.send(request(PATH, session).GET().build(), BodyHandlers.ofLines())
                .body()) {
            Iterator<String> data =
                    lines.filter(line -> line.startsWith("data:{")).iterator();
            for (int i = 0; i < 3; i++) {
                JsonNode ping = JSON.readTree(data.next().substring("data:".length()));
                assertThat(ping.path("method").asString()).isEqualTo("ping");
                assertThat(post(session, "{\"jsonrpc\": \"2.0\", \"id\": " + ping.path("id") + ", \"result\": {}}")
                                .statusCode())
                        .isEqualTo(202);
            }
        }
    }
}
