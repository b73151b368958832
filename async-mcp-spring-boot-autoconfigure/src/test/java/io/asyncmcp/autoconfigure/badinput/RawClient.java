package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that sends whatever it is told to, and sees what really comes back. */
final class RawClient {

    static final JsonMapper JSON = JsonMapper.builder().build();

    static final String INITIALIZE = """
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18",
            "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}}
            """;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final URI endpoint;

    private final List<String> headers = new ArrayList<>();

    RawClient(TestServer server, String... headers) {
        this("/mcp", server, headers);
    }

    RawClient(String path, TestServer server, String... headers) {
        this.endpoint = URI.create("http://localhost:" + server.port() + path);
        this.headers.addAll(List.of(headers));
    }

    RawClient(int port) {
        this.endpoint = URI.create("http://localhost:" + port + "/mcp");
    }

    /** Calls from another address, as a proxy says to a server that listens to it. */
    RawClient from(String address) {
        headers.addAll(List.of("X-Forwarded-For", address));
        return this;
    }

    /** Opens a session and stays in it. */
    RawClient initialized() throws Exception {
        return initialized("2025-06-18");
    }

    RawClient initialized(String version) throws Exception {
        String session = post(INITIALIZE.replace("2025-06-18", version))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
        headers.addAll(List.of("Mcp-Session-Id", session));
        post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
        return this;
    }

    String sessionId() {
        return headers.get(headers.indexOf("Mcp-Session-Id") + 1);
    }

    HttpResponse<String> post(String body, String... more) throws IOException, InterruptedException {
        return post(BodyPublishers.ofString(body), more);
    }

    HttpResponse<String> post(BodyPublisher body, String... more) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(headers);
        if (!List.of(more).contains("Accept")) {
            all.addAll(List.of("Accept", "application/json, text/event-stream"));
        }
        all.addAll(List.of("Content-Type", "application/json"));
        all.addAll(List.of(more));
        return http.send(
                HttpRequest.newBuilder(endpoint)
                        .POST(body)
                        .timeout(Duration.ofSeconds(20))
                        .headers(all.toArray(String[]::new))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String... allHeaders) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(endpoint)
                        .method(method, BodyPublishers.noBody())
                        .timeout(Duration.ofSeconds(20))
                        .headers(allHeaders)
                        .build(),
                BodyHandlers.ofString());
    }

    /** Calls a tool with arguments as they are, even if they are none, and returns the whole JSON-RPC response. */
    JsonNode call(String tool, String arguments) throws Exception {
        return request("tools/call", "{\"name\": \"" + tool + "\", \"arguments\": " + arguments + "}");
    }

    JsonNode request(String method, String params) throws Exception {
        return message(request(method, params, "7"));
    }

    HttpResponse<String> request(String method, String params, String id) throws Exception {
        return post("{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"method\": \"" + method + "\", \"params\": " + params
                + "}");
    }

    /** Reads on until some text has come, and returns everything. */
    static String read(Socket socket, String until) throws IOException {
        socket.setSoTimeout(20_000);
        StringBuilder read = new StringBuilder();
        byte[] chunk = new byte[4_000];
        while (read.indexOf(until) < 0) {
            int count = socket.getInputStream().read(chunk);
            assertThat(count).as("the answer so far: " + read).isPositive();
            read.append(new String(chunk, 0, count, StandardCharsets.US_ASCII));
        }
        return read.toString();
    }

    /** The response on a stream, or the body itself. */
    static JsonNode message(HttpResponse<String> response) {
        String body = response.body();
        String data = body.lines()
                .filter(line -> line.startsWith("data:"))
                .reduce((first, last) -> last)
                .map(line -> line.substring("data:".length()))
                .orElse(body);
        assertClean(body);
        assertThat(data).as("a reply").isNotBlank();
        return JSON.readTree(data);
    }

    static String text(JsonNode response) {
        return response.path("result").path("content").path(0).path("text").asString("");
    }

    static boolean isError(JsonNode response) {
        return response.path("result").path("isError").asBoolean(false);
    }

    static String operationId(JsonNode response) {
        return response.path("result")
                .path("structuredContent")
                .path("operation_id")
                .asString();
    }

    /** Nothing that says how the server is built. */
    static void assertClean(String body) {
        assertThat(body)
                .doesNotContain("stackTrace", "stack_trace", "\\tat ", "Caused by", "Exception", "java.", "suppressed")
                .doesNotContain("tools.jackson", "io.asyncmcp", "io.modelcontextprotocol", "org.springframework")
                .doesNotContain("LinkedHashMap", "ArrayList", "NullPointer");
    }

    static String json(Object value) {
        return JSON.writeValueAsString(value);
    }

    static String id(Object operationId) {
        return json(Map.of("operation_id", operationId));
    }
}
