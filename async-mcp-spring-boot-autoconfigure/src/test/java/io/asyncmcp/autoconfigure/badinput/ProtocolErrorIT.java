package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** What a client is told that does not speak the protocol. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProtocolErrorIT {

    private static final String PING = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}";

    @Parameter
    WebApplicationType web;

    private TestServer server;

    private RawClient client;

    static class Tools {

        @Bean
        EchoTools echoTools() {
            return new EchoTools();
        }
    }

    static class EchoTools {

        @AsyncTool(name = "echo")
        String echo(String text) {
            return text;
        }
    }

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        server = TestServer.start(
                web,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.org.springframework.ai.mcp=off",
                "async.mcp.limits.max-argument-size=400KB",
                "async.mcp.limits.max-result-size=500KB");
        client = new RawClient(server).initialized();
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @AfterEach
    void theServerIsHealthy() throws Exception {
        assertThat(RawClient.text(client.call("echo", "{\"text\": \"hello\"}"))).isEqualTo("hello");
    }

    private static void assertError(HttpResponse<String> response, int status, int code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode message = message(response);
        assertThat(message.path("jsonrpc").asString()).isEqualTo("2.0");
        assertThat(message.has("id")).isTrue();
        assertThat(message.path("error").path("code").asInt())
                .as(response.body())
                .isEqualTo(code);
        assertThat(message.path("error").path("message").asString()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                                                                | -32700
                    not JSON                                                          | -32700
                    {"jsonrpc": "2.0",                                                | -32700
                    null                                                              | -32600
                    7                                                                 | -32600
                    "ping"                                                            | -32600
                    []                                                                | -32600
                    [{"jsonrpc": "2.0", "id": 1, "method": "ping"}]                   | -32600
                    {}                                                                | -32600
                    {"jsonrpc": "2.0", "id": 1}                                       | -32600
                    {"id": 1, "method": "ping"}                                       | -32600
                    {"jsonrpc": "2.0", "id": 1, "method": null}                       | -32600
                    {"jsonrpc": "2.0", "id": 1, "method": {}}                         | -32600
                    {"jsonrpc": "2.0", "id": null, "method": "ping"}                  | -32600
                    {"jsonrpc": "2.0", "id": {}, "method": "ping"}                    | -32600
                    {"jsonrpc": "2.0", "id": 1.5, "method": "ping"}                   | -32600
                    {"jsonrpc": "2.0", "id": "x", "error": 5}                         | -32600
                    """)
    void bodyThatIsNoMessage(String body, int code) throws Exception {
        assertError(client.post(body), 400, code);
    }

    @Test
    void bodyNestedWithoutEnd() throws Exception {
        assertError(client.post("[".repeat(50_000)), 400, -32700);
    }

    @Test
    void longNameOfAMember() throws Exception {
        assertError(client.post("{\"" + "x".repeat(513) + "\": 1}"), 400, -32600);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "7",
                "{\"protocolVersion\": []}",
                "{\"protocolVersion\": {\"a\": 1}, \"capabilities\": {}}",
                "{\"protocolVersion\": \"2025-06-18\", \"capabilities\": [], \"clientInfo\": {\"name\": \"x\"}}",
                "{\"protocolVersion\": \"2025-06-18\", \"capabilities\": {}, \"clientInfo\": \"x\"}",
                "{\"protocolVersion\": \"2025-06-18\", \"capabilities\": {\"sampling\": 5}, \"clientInfo\": 4}"
            })
    void malformedInitialize(String params) throws Exception {
        HttpResponse<String> response = new RawClient(server).request("initialize", params, "\"first\"");
        assertError(response, 400, -32602);
        assertThat(message(response).path("id").asString()).isEqualTo("first");
    }

    @Test
    void initializeWithoutParams() throws Exception {
        assertError(
                new RawClient(server).post("{\"jsonrpc\": \"2.0\", \"id\": 3, \"method\": \"initialize\"}"),
                400,
                -32602);
    }

    @Test
    void unknownSession() throws Exception {
        RawClient stranger = new RawClient(server, "Mcp-Session-Id", "no-such-session");
        assertError(stranger.post(PING), 404, -32600);
        assertError(stranger.send("GET", "Accept", "text/event-stream", "Mcp-Session-Id", "none"), 404, -32600);
        assertError(stranger.send("DELETE", "Mcp-Session-Id", "none"), 404, -32600);
    }

    @Test
    void missingSession() throws Exception {
        RawClient stranger = new RawClient(server);
        assertError(stranger.post(PING), 400, -32600);
        assertError(stranger.send("GET", "Accept", "text/event-stream"), 400, -32600);
        assertError(stranger.send("DELETE", "Accept", "*/*"), 400, -32600);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json", "text/event-stream", "*/*"})
    void wrongAccept(String accept) throws Exception {
        assertError(client.post(PING, "Accept", accept), 400, -32600);
    }

    @Test
    void acceptMayHaveParameters() throws Exception {
        assertThat(client.post(PING, "Accept", "text/event-stream;q=0.5, application/json;charset=utf-8")
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "HEAD", "OPTIONS"})
    void methodThatNobodyTakes(String method) throws Exception {
        HttpResponse<String> response = client.send(method, "Accept", "text/event-stream");
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET, POST, DELETE");
        if (!method.equals("HEAD")) {
            assertError(response, 405, -32600);
        }
    }

    @Test
    void compressedBody() throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(body)) {
            zip.write(PING.getBytes(StandardCharsets.UTF_8));
        }
        HttpResponse<String> response =
                client.post(BodyPublishers.ofByteArray(body.toByteArray()), "Content-Encoding", "gzip");
        assertError(response, 415, -32600);
        assertThat(response.body()).contains("Content-Encoding");
        assertThat(client.post(PING, "Content-Encoding", "identity").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1999-01-01", "2024-10-07", ""})
    void versionThatNobodyKnows(String version) throws Exception {
        HttpResponse<String> response = client.post(PING, "MCP-Protocol-Version", version);
        assertError(response, 400, -32022);
        assertThat(response.body()).contains("2026-07-28", "2025-11-25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"level\": \"wombat\"}", "{\"level\": 5}"})
    void levelThatIsNone(String params) throws Exception {
        assertThat(client.request("logging/setLevel", params)
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32602);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "text/", "*/json", "text/event-stream;q=high"})
    void malformedAccept(String accept) throws Exception {
        assertError(client.post(PING, "Accept", accept), 400, -32600);
        assertError(client.send("GET", "Accept", accept, "Mcp-Session-Id", client.sessionId()), 400, -32600);
    }

    @Test
    void wrongAcceptOfInitializeIsNotTakenForWrongParams() throws Exception {
        String initialize =
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"initialize\", \"params\": {\"protocolVersion\": \"1\"}}";
        assertError(new RawClient(server).post(initialize, "Accept", "text/html"), 400, -32600);
    }

    @Test
    void answerToAQuestionThatNobodyAsked() throws Exception {
        assertThat(client.post("{\"jsonrpc\": \"2.0\", \"id\": \"nobody-asked\", \"result\": {}}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(client.post("{\"jsonrpc\": \"2.0\", \"id\": \"async-mcp:unknown:x\", \"result\": {}}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(client.post("{\"jsonrpc\": \"2.0\", \"id\": \"async-mcp:\", \"result\": {}}")
                        .statusCode())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"result\": {}",
                "\"id\": null, \"result\": {}",
                "\"id\": 1.5, \"result\": {}",
                "\"id\": [1], \"result\": {}",
                "\"id\": 123456789012345678901, \"result\": {}",
                "\"error\": {\"code\": 1, \"message\": \"m\"}",
                "\"id\": 1, \"result\": {}, \"error\": {\"code\": 1, \"message\": \"m\"}"
            })
    void answerThatIsNone(String members) throws Exception {
        assertError(client.post("{\"jsonrpc\": \"2.0\", " + members + "}"), 400, -32600);
    }

    @Test
    void unknownNotificationIsIgnored() throws Exception {
        assertThat(client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/none\"}")
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void unknownMethodIsAnsweredAndItsStreamClosed() throws Exception {
        assertThat(client.request("no/such/method", "{}")
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(-32601);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "5",
                "{}",
                "{\"name\": null}",
                "{\"name\": {}}",
                "{\"name\": \"echo\"," + " \"arguments\": 5}",
                "{\"name\": \"no_such_tool\"}"
            })
    void paramsThatFitNoCall(String params) throws Exception {
        JsonNode response = client.request("tools/call", params);
        assertThat(response.path("error").path("code").asInt())
                .as(response.toString())
                .isEqualTo(-32602);
        assertThat(response.path("id").asInt()).isEqualTo(7);
    }

    @Test
    void unknownToolIsNamed() throws Exception {
        JsonNode error =
                client.request("tools/call", "{\"name\": \"no_such_tool\"}").path("error");
        assertThat(error.path("code").asInt()).isEqualTo(-32602);
        assertThat(error.path("message").asString()).isEqualTo("Unknown tool: no_such_tool");
    }

    @Test
    void missingParamsOfACall() throws Exception {
        HttpResponse<String> response = client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\"}");
        assertThat(message(response).path("error").path("code").asInt()).isEqualTo(-32602);
    }

    @Test
    void argumentsAsLargeAsTheLimitArrive() throws Exception {
        String large = "x".repeat(390 * 1024);
        assertThat(RawClient.text(client.call("echo", "{\"text\": \"" + large + "\"}")))
                .isEqualTo(large);
    }

    /** A body of 450 KB could become 10 MB of objects, and many at once more than there is. */
    @Test
    void bodyOfEmptyObjects() throws Exception {
        String objects = "{},".repeat(150 * 1024);
        HttpResponse<String> refused = client.post("[" + objects + "{}]");
        assertError(refused, 413, -32600);
        assertThat(refused.body()).contains("objects");
        assertError(
                client.post("{\"jsonrpc\": \"2.0\", \"id\": \"async-mcp:x:y\", \"result\": [" + objects + "{}]}"),
                413,
                -32600);
    }

    @Test
    void bodyInAnotherEncoding() throws Exception {
        assertError(client.post(BodyPublishers.ofByteArray(PING.getBytes(StandardCharsets.UTF_16LE))), 400, -32700);
    }

    @Test
    void hugeBody() throws Exception {
        // More bytes than are taken, though not more characters.
        String text =
                PING.replace("\"ping\"", "\"ping\", \"params\": {\"text\": \"" + "\u20ac".repeat(400_000) + "\"}");
        for (byte[] huge : List.of(new byte[1024 * 1024], text.getBytes(StandardCharsets.UTF_8))) {
            assertError(client.post(BodyPublishers.ofByteArray(huge)), 413, -32600);
            assertError(client.post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(huge))), 413, -32600);
        }
    }
}
