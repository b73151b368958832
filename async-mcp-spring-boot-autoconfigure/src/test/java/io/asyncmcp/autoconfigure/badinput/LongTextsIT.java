package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
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

/** Half a megabyte where a few characters are usual: answered before the client gives up, and not repeated to it. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongTextsIT {

    private static final int LONG = 500_000;

    private static final int LONGEST_ANSWER = 4_000;

    private static final String META = "\"_meta\": {\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
            + " \"io.modelcontextprotocol/clientInfo\": {\"name\": \"long\", \"version\": \"1\"},"
            + " \"io.modelcontextprotocol/clientCapabilities\": {\"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}}";

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What lists, quoted texts, parameters, numbers, ids and encoded texts are made of: many starts without an end. */
    private static final List<String> PIECES = List.of(
            "a", ",", "a/b;c=d;", ";q=\"", "\"", "\\\"", "0", "9", "-", "=?base64?", "a=", " a", "%41", "[", "{");

    @Parameter
    private WebApplicationType web;

    private TestServer server;

    private String session;

    static class Tools {

        @Bean
        EchoTools echoTools() {
            return new EchoTools();
        }
    }

    static class EchoTools {

        @AsyncTool(name = "short")
        String shortest(String text) {
            return "done";
        }
    }

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        server = TestServer.start(
                web,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.list-tool.enabled=true",
                "server.max-http-request-header-size=2MB");
        session = new RawClient(server).initialized("2025-11-25").sessionId();
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept",
                "Content-Type",
                "Last-Event-ID",
                "Mcp-Method",
                "Mcp-Name",
                "Mcp-Param-Text",
                "MCP-Protocol-Version",
                "Mcp-Session-Id",
                "Traceparent"
            })
    void headers(String header) throws Exception {
        for (String piece : PIECES) {
            String value = piece.repeat(LONG / piece.length());
            Map<String, String> session = session();
            session.put(header, value);
            assertAnswered(header + ": " + piece, post(session, message("ping", "")));
            assertAnswered("GET, " + header + ": " + piece, get(session));
            Map<String, String> modern = modern("tools/call");
            modern.put("Mcp-Name", "short");
            modern.put(header, value);
            assertAnswered(
                    header + " of 2026-07-28: " + piece,
                    post(modern, message("tools/call", META + ", \"name\": \"short\", \"arguments\": {}")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "%s | ",
                "tools/call | 'name': '%s', 'arguments': {}",
                "tools/call | 'name': 'short', 'arguments': {'%s': 1}",
                "tools/call | 'name': 'short', 'arguments': {'text': '%s'}",
                "tools/call | 'name': 'short', 'arguments': {}, 'task': {'ttl': '%s'}",
                "tools/call | 'name': 'short', 'arguments': {}, '_meta': {'progressToken': '%s'}",
                "tools/call | 'name': 'short', 'arguments': {}, '_meta': {'%s': 1}",
                "tools/call | 'name': 'continue_operation', 'arguments': {'operation_id': '%s'}",
                "tools/call | 'name': 'continue_operation', 'arguments': {'operation_id': 'x', 'wait_time': '%s'}",
                "tools/call | 'name': 'list_operations', 'arguments': {'cursor': '%s'}",
                "tools/list | 'cursor': '%s'",
                "tasks/get | 'taskId': '%s'",
                "tasks/result | 'taskId': '%s'",
                "tasks/cancel | 'taskId': '%s'",
                "tasks/list | 'cursor': '%s'",
                "logging/setLevel | 'level': '%s'",
                "completion/complete | 'ref': {'type': 'ref/prompt', 'name': '%s'}, 'argument': {'name': 'a', 'value': 'b'}",
                "initialize | 'protocolVersion': '%s', 'capabilities': {}, 'clientInfo': {'name': 'a', 'version': '1'}",
                "notifications/cancelled | 'requestId': '%s', 'reason': '%s'",
                "notifications/progress | 'progressToken': '%s', 'progress': 1",
            })
    void texts(String method, String params) throws Exception {
        for (String piece : PIECES) {
            String value = inText(piece);
            String what = method + " " + params + ": " + piece;
            String filled = params == null ? "" : params.replace('\'', '"').replace("%s", value);
            assertAnswered(what, post(session(), message(method.replace("%s", value), filled)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tools/call | 'name': 'short', 'arguments': {}, 'requestState': '%s', 'inputResponses': {}",
                "tools/call | 'name': 'short', 'arguments': {}, 'requestState': 'x', 'inputResponses': {'%s': {}}",
                "tools/list | 'cursor': '%s'",
                "tasks/get | 'taskId': '%s'",
                "tasks/cancel | 'taskId': '%s'",
                "tasks/update | 'taskId': '%s', 'inputResponses': {}",
                "tasks/update | 'taskId': 'x', 'inputResponses': {'%s': {}}",
                "subscriptions/listen | 'notifications': {'taskIds': ['%s']}",
                "subscriptions/listen | 'notifications': {'resourceSubscriptions': ['%s']}",
                "resources/read | 'uri': '%s'",
            })
    void textsOfTheModernProtocol(String method, String params) throws Exception {
        for (String piece : PIECES) {
            Map<String, String> headers = modern(method);
            for (String name : List.of("short", "x")) {
                headers.put("Mcp-Name", name);
                String filled = params.replace('\'', '"').replace("%s", inText(piece));
                assertAnswered(
                        method + " " + params + ": " + piece, post(headers, message(method, META + ", " + filled)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":["})
    void nesting(String opening) throws Exception {
        String body = message("ping", "\"a\": " + opening.repeat(LONG / opening.length()));
        assertThat(post(session(), body).statusCode()).isEqualTo(400);
        String modern = message("tools/list", META + ", \"a\": " + opening.repeat(LONG / opening.length()));
        assertThat(post(modern("tools/list"), modern).statusCode()).isEqualTo(400);
    }

    private static String inText(String piece) {
        return piece.replace("\\", "\\\\").replace("\"", "\\\"").repeat(LONG / piece.length());
    }

    private static String message(String method, String params) {
        String id = method.startsWith("notifications/") ? "" : "\"id\": 7, ";
        return "{\"jsonrpc\": \"2.0\", " + id + "\"method\": \"" + method + "\", \"params\": {" + params + "}}";
    }

    private Map<String, String> session() {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "application/json, text/event-stream");
        headers.put("Content-Type", "application/json");
        headers.put("Mcp-Session-Id", session);
        return headers;
    }

    private Map<String, String> modern(String method) {
        Map<String, String> headers = session();
        headers.remove("Mcp-Session-Id");
        headers.put("MCP-Protocol-Version", "2026-07-28");
        headers.put("Mcp-Method", method);
        return headers;
    }

    private HttpResponse<InputStream> post(Map<String, String> headers, String body) throws Exception {
        return send(headers, request -> request.POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<InputStream> get(Map<String, String> headers) throws Exception {
        return send(headers, HttpRequest.Builder::GET);
    }

    private HttpResponse<InputStream> send(Map<String, String> headers, UnaryOperator<HttpRequest.Builder> method)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/mcp"))
                .timeout(Duration.ofSeconds(30));
        headers.forEach(request::header);
        return HTTP.send(method.apply(request).build(), BodyHandlers.ofInputStream());
    }

    /** What goes on is a listening stream, and has told what it has to. */
    private static void assertAnswered(String what, HttpResponse<InputStream> response) throws IOException {
        assertThat(response.statusCode()).as(what).isLessThan(500);
        try (InputStream body = response.body()) {
            byte[] read = new byte[LONGEST_ANSWER];
            boolean stream = response.headers()
                    .firstValue("Content-Type")
                    .filter("text/event-stream"::equals)
                    .isPresent();
            int count = stream ? body.readNBytes(read, 0, 1) : body.readNBytes(read, 0, read.length);
            assertThat(count).as(what).isLessThan(read.length);
            assertThat(new String(read, 0, Math.max(count, 0), StandardCharsets.UTF_8))
                    .as(what)
                    .doesNotContain("Exception", "java.", "\\tat ");
        }
    }
}
