package io.asyncmcp.autoconfigure.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a client of protocol 2026-07-28 is told that gets it wrong. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireErrorsIT {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Parameter
    WebApplicationType web;

    private TestServer server;

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                FuzzTools.Config.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.root=off",
                "server.address=127.0.0.1");
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @AfterEach
    void theServerIsHealthy() throws Exception {
        JsonNode result = result(Wire.of(call("echo", "{\"text\":\"hello\"}")));
        assertThat(result.at("/content/0/text").asString()).isEqualTo("hello");
    }

    private static ObjectNode call(String tool, String arguments) {
        return request("tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}");
    }

    private static ObjectNode request(String method, String params) {
        return Wire.request("the-id", method, params, Wire.EVERYTHING);
    }

    private HttpResponse<String> send(Wire wire) throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/mcp"))
                .timeout(Duration.ofSeconds(20))
                .method(wire.method, BodyPublishers.ofByteArray(wire.body));
        wire.headers.forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        return http.send(builder.build(), BodyHandlers.ofString());
    }

    private JsonNode result(Wire wire) throws Exception {
        HttpResponse<String> response = send(wire);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Wire.JSON.readTree(response.body()).path("result");
    }

    /** An error for a request whose id is known, or which has none that is one. */
    private JsonNode assertError(Wire wire, int status, int code, boolean withId) throws Exception {
        HttpResponse<String> response = send(wire);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        JsonNode message = Wire.JSON.readTree(response.body());
        assertThat(message.path("jsonrpc").asString()).isEqualTo("2.0");
        assertThat(message.path("id").asString("")).isEqualTo(withId ? "the-id" : "");
        assertThat(message.at("/error/code").asInt()).as(response.body()).isEqualTo(code);
        assertThat(message.at("/error/message").asString()).isNotBlank();
        return message.path("error");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            not JSON                                                        | -32700
            {"jsonrpc": "2.0",                                              | -32700
            {"jsonrpc": "2.0", "id": 1, "method": "server/discover"} {}     | -32700
            null                                                            | -32600
            7                                                               | -32600
            "server/discover"                                               | -32600
            []                                                              | -32600
            [{"jsonrpc": "2.0", "id": 1, "method": "server/discover"}]      | -32600
            {}                                                              | -32600
            {"jsonrpc": "2.0"}                                              | -32600
            {"method": "notifications/cancelled"}                           | -32600
            {"jsonrpc": "2.0", "method": 7}                                 | -32600
            {"jsonrpc": "2.0", "id": null, "method": "server/discover"}     | -32600
            {"jsonrpc": "2.0", "id": true, "method": "server/discover"}     | -32600
            {"jsonrpc": "2.0", "id": 1.5, "method": "server/discover"}      | -32600
            {"jsonrpc": "2.0", "id": {}, "method": "server/discover"}       | -32600
            {"jsonrpc": "2.0", "id": [1], "method": "server/discover"}      | -32600
            """)
    void whatIsNoRequest(String body, int code) throws Exception {
        Wire wire = Wire.of(body).header(Wire.VERSION_HEADER, Wire.VERSION).header("Mcp-Method", "server/discover");
        assertError(wire, 400, code, false);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200, 600, 100_000})
    void whatCannotBeRead(int depth) throws Exception {
        Wire wire = Wire.of("[".repeat(depth)).header(Wire.VERSION_HEADER, Wire.VERSION);
        assertError(wire, 400, -32700, false);
    }

    @Test
    void invalidUtf8() throws Exception {
        Wire wire = Wire.of(request("server/discover", "{}"));
        wire.body[wire.body.length / 2] = (byte) 0xff;
        assertError(wire, 400, -32700, false);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"jsonrpc": "1.0", "id": "the-id", "method": "server/discover"}               | -32600
            {"jsonrpc": 2.0, "id": "the-id", "method": "server/discover"}                 | -32600
            {"id": "the-id", "method": "server/discover"}                                 | -32600
            {"jsonrpc": "2.0", "id": "the-id"}                                            | -32600
            {"jsonrpc": "2.0", "id": "the-id", "method": null}                            | -32600
            {"jsonrpc": "2.0", "id": "the-id", "method": {}}                              | -32600
            {"jsonrpc": "2.0", "id": "the-id", "result": {}}                              | -32600
            {"jsonrpc": "2.0", "id": "the-id", "method": "server/discover", "params": []} | -32602
            {"jsonrpc": "2.0", "id": "the-id", "method": "server/discover", "params": 7}  | -32602
            {"jsonrpc": "2.0", "id": "the-id", "method": "server/discover"}               | -32602
            {"jsonrpc": "2.0", "id": "the-id", "method": "server/discover", "params": {}} | -32602
            """)
    void requestThatIsNotWhole(String body, int code) throws Exception {
        Wire wire = Wire.of(body).header(Wire.VERSION_HEADER, Wire.VERSION).header("Mcp-Method", "server/discover");
        assertError(wire, 400, code, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"notifications/cancelled", "notifications/initialized", "notifications/none", "tools/list"})
    void notificationsAreTaken(String method) throws Exception {
        HttpResponse<String> response = send(Wire.of("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}")
                .header(Wire.VERSION_HEADER, Wire.VERSION));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            protocolVersion    | (none)
            protocolVersion    | null
            protocolVersion    | 7
            protocolVersion    | {}
            clientCapabilities | (none)
            clientCapabilities | null
            clientCapabilities | []
            clientCapabilities | "sampling"
            clientCapabilities | {"extensions": []}
            clientCapabilities | {"extensions": "io.modelcontextprotocol/tasks"}
            clientCapabilities | {"elicitation": 7}
            clientCapabilities | {"sampling": "yes"}
            clientCapabilities | {"roots": []}
            clientInfo         | "wire"
            clientInfo         | []
            clientInfo         | {"name": "wire"}
            clientInfo         | {"name": 7, "version": "1"}
            clientInfo         | {"name": "wire", "version": null}
            logLevel           | "loud"
            logLevel           | "INFO"
            logLevel           | 7
            logLevel           | {}
            """)
    void metaOfTheWrongType(String field, String value) throws Exception {
        ObjectNode request = request("tools/list", "{}");
        ObjectNode meta = (ObjectNode) request.at("/params/_meta");
        if (value.equals("(none)")) {
            meta.remove(Wire.PREFIX + field);
        } else {
            meta.set(Wire.PREFIX + field, Wire.JSON.readTree(value));
        }
        Wire wire = Wire.of(request).header(Wire.VERSION_HEADER, Wire.VERSION);
        JsonNode error = assertError(wire, 400, -32602, true);
        assertThat(error.path("message").asString()).contains("_meta").contains(Wire.PREFIX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "7", "\"x\""})
    void metaThatIsNoObject(String meta) throws Exception {
        ObjectNode request = request("tools/list", "{}");
        ((ObjectNode) request.path("params")).set("_meta", Wire.JSON.readTree(meta));
        assertError(Wire.of(request), 400, -32602, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "{}", "[]", "true"})
    void progressTokenOfTheWrongType(String token) throws Exception {
        ObjectNode request = call("echo", "{\"text\":\"hello\"}");
        ((ObjectNode) request.at("/params/_meta")).set("progressToken", Wire.JSON.readTree(token));
        assertError(Wire.of(request), 400, -32602, true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1900-01-01", "2027-01-01", "2026-07-28 ", "DRAFT-2026", ""})
    void unknownVersion(String version) throws Exception {
        ObjectNode request = request("tools/list", "{}");
        ((ObjectNode) request.at("/params/_meta")).put(Wire.PREFIX + "protocolVersion", version.strip());
        if (version.strip().equals(Wire.VERSION)) {
            // Space around a header's value does not belong to it.
            assertThat(result(Wire.of(request).header(Wire.VERSION_HEADER, version))
                            .has("tools"))
                    .isTrue();
            return;
        }
        JsonNode error = assertError(Wire.of(request), 400, -32022, true);
        assertThat(error.at("/data/requested").asString()).isEqualTo(version);
        assertThat(error.at("/data/supported").valueStream().map(JsonNode::asString))
                .startsWith(Wire.VERSION)
                .contains("2025-11-25", "2025-06-18");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2025-06-18"})
    void versionWithSessionsIsNoneForASingleRequest(String version) throws Exception {
        ObjectNode request = request("tools/list", "{}");
        ((ObjectNode) request.at("/params/_meta")).put(Wire.PREFIX + "protocolVersion", version);
        assertError(Wire.of(request), 400, -32022, true);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            MCP-Protocol-Version | (none)
            MCP-Protocol-Version | 2025-11-25
            MCP-Protocol-Version | 2025-06-18
            MCP-Protocol-Version | 2027-01-01
            MCP-Protocol-Version | (twice)
            MCP-Protocol-Version | 2026-07-28, 2026-07-28
            MCP-Protocol-Version | =?base64?MjAyNi0wNy0yOA==?=
            Mcp-Method           | (none)
            Mcp-Method           | (empty)
            Mcp-Method           | tools/list
            Mcp-Method           | Tools/Call
            Mcp-Method           | (twice)
            Mcp-Method           | =?base64?dG9vbHMvY2FsbA==?=
            Mcp-Name             | (none)
            Mcp-Name             | (empty)
            Mcp-Name             | plain
            Mcp-Name             | ECHO
            Mcp-Name             | (twice)
            Mcp-Name             | =?base64?cGxhaW4=?=
            Mcp-Name             | =?BASE64?ZWNobw==?=
            Mcp-Name             | =?base64?!!!?=
            Mcp-Name             | =?base64?/w==?=
            """)
    void headerThatDoesNotSayWhatTheBodySays(String header, String value) throws Exception {
        Wire wire = Wire.of(call("echo", "{\"text\":\"hello\"}"));
        String right = wire.headers.get(header).get(0);
        switch (value) {
            case "(none)" -> wire.without(header);
            case "(empty)" -> wire.header(header, "");
            case "(twice)" -> wire.header(header, right, right);
            default -> wire.header(header, value);
        }
        JsonNode error = assertError(wire, 400, -32020, true);
        assertThat(error.path("message").asString()).contains(header);
    }

    @ParameterizedTest
    @CsvSource({
        "tasks/get, taskId",
        "tasks/update, taskId",
        "tasks/cancel, taskId",
        "prompts/get, name",
        "resources/read, uri"
    })
    void nameIsWantedOfEveryMethodThatHasOne(String method, String param) throws Exception {
        ObjectNode request = request(method, "{\"" + param + "\":\"x\",\"inputResponses\":{}}");
        assertError(Wire.of(request).without("Mcp-Name"), 400, -32020, true);
        assertError(Wire.of(request).header("Mcp-Name", "y"), 400, -32020, true);
    }

    @Test
    void namesOfHeadersAreOfAnyCaseAndNamesCanBeEncoded() throws Exception {
        Wire wire = Wire.of(call("echo", "{\"text\":\"hello\"}"));
        wire.without(Wire.VERSION_HEADER).without("Mcp-Method").without("Mcp-Name");
        wire.header("mcp-protocol-version", Wire.VERSION)
                .header("MCP-METHOD", "tools/call")
                .header("mcp-NAME", Wire.base64("echo"));
        assertThat(result(wire).at("/content/0/text").asString()).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", quoteCharacter = '\0', textBlock = """
            {"region": "west"}             | none             | none
            {"region": "west"}             | east             | none
            {"region": "west", "size": 42} | west             | 41
            {"region": "west", "size": 42} | west             | none
            {"region": null}               | west             | none
            {}                             | west             | none
            """)
    void argumentThatItsHeaderDoesNotHave(String arguments, String region, String size) throws Exception {
        assertError(routed(arguments, region, size), 400, -32020, true);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", quoteCharacter = '\0', textBlock = """
            {"region": "west"}             | west                | none
            {"region": "west"}             | =?base64?d2VzdA==?= | none
            {"region": "west", "size": 42} | west                | 42.0
            {"region": null}               | none                | none
            {}                             | none                | none
            """)
    void argumentThatItsHeaderHas(String arguments, String region, String size) throws Exception {
        assertThat(result(routed(arguments, region, size)).at("/resultType").asString())
                .isEqualTo("complete");
    }

    private static Wire routed(String arguments, String region, String size) {
        Wire wire = Wire.of(call("routed", arguments));
        if (region != null) {
            wire.header("Mcp-Param-Region", region);
        }
        if (size != null) {
            wire.header("Mcp-Param-Size", size);
        }
        return wire;
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void postAlone(String method) throws Exception {
        Wire wire = Wire.of("").header(Wire.VERSION_HEADER, Wire.VERSION).header("Accept", "text/event-stream");
        wire.method = method;
        assertError(wire, 405, -32600, false);
        assertThat(send(wire).headers().firstValue("Allow")).hasValue("POST");
    }

    /** 405 would tell a client of an earlier version that there are no streams and no ends of sessions. */
    @ParameterizedTest
    @CsvSource({"GET, 1999-01-01", "DELETE, 1999-01-01", "GET, ''"})
    void versionThatNobodyKnowsIsABadRequestWhateverTheMethod(String method, String version) throws Exception {
        Wire wire = Wire.of("").header(Wire.VERSION_HEADER, version).header("Accept", "text/event-stream");
        wire.method = method;
        assertError(wire, 400, -32600, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no/such/method",
                "",
                "initialize",
                "ping",
                "logging/setLevel",
                "resources/subscribe",
                "resources/unsubscribe",
                "tasks/list",
                "tasks/result",
                "notifications/none",
                "Tools/List"
            })
    void methodThatIsNotThere(String method) throws Exception {
        assertError(Wire.of(request(method, "{\"uri\":\"fuzz://text\",\"level\":\"info\"}")), 404, -32601, true);
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example, ''",
        "evil.example, http://evil.example",
        "localhost, https://evil.example",
        "localhost, null"
    })
    void otherSites(String host, String origin) throws Exception {
        Wire wire = Wire.of(request("server/discover", "{}"));
        StringBuilder head = new StringBuilder("POST /mcp HTTP/1.1\r\nConnection: close\r\nHost: " + host
                + "\r\nContent-Length: " + wire.body.length + "\r\n");
        if (!origin.isEmpty()) {
            wire.header("Origin", origin);
        }
        wire.headers.forEach((name, values) -> head.append(name + ": " + values.get(0) + "\r\n"));
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(wire.body);
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 403").contains("\"code\":").doesNotContain("evil");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            tools/call           | {"name": "no_such_tool"}
            tools/call           | {"name": "no_such_tool", "arguments": {}}
            tools/call           | {}
            tools/call           | {"name": 7}
            tools/call           | {"name": "echo", "arguments": 7}
            tools/call           | {"name": "asks", "inputResponses": []}
            tools/call           | {"name": "asks", "requestState": 7}
            tools/call           | {"name": "asks", "requestState": ""}
            tools/call           | {"name": "asks", "requestState": "PEEj6TBUXcpBwLbqUxPS"}
            tools/call           | {"name": "asks", "requestState": "not base64!"}
            prompts/get          | {"name": "no-such-prompt"}
            prompts/get          | {}
            resources/read       | {"uri": "fuzz://none"}
            resources/read       | {"uri": 7}
            resources/read       | {}
            completion/complete  | {}
            completion/complete  | {"ref": {"type": "ref/prompt", "name": "none"}, "argument": {"name": "a", "value": "b"}}
            completion/complete  | {"ref": 7, "argument": {"name": "a", "value": "b"}}
            tasks/get            | {}
            tasks/get            | {"taskId": 7}
            tasks/get            | {"taskId": "x"}
            tasks/get            | {"taskId": "00000000000000000000000000"}
            tasks/update         | {"taskId": "00000000000000000000000000"}
            tasks/update         | {"taskId": "00000000000000000000000000", "inputResponses": 7}
            tasks/update         | {"taskId": "00000000000000000000000000", "inputResponses": {}}
            tasks/cancel         | {"taskId": "00000000000000000000000000"}
            subscriptions/listen | {}
            subscriptions/listen | {"notifications": []}
            subscriptions/listen | {"notifications": {"toolsListChanged": "yes"}}
            subscriptions/listen | {"notifications": {"taskIds": "x"}}
            subscriptions/listen | {"notifications": {"taskIds": [7]}}
            """)
    void paramsThatFitNothing(String method, String params) throws Exception {
        assertError(Wire.of(request(method, params)), 200, -32602, true);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            tools/call           | {"name": "only_task", "arguments": {}}
            tasks/get            | {"taskId": "00000000000000000000000000"}
            tasks/update         | {"taskId": "00000000000000000000000000", "inputResponses": {}}
            tasks/cancel         | {"taskId": "00000000000000000000000000"}
            subscriptions/listen | {"notifications": {"taskIds": ["00000000000000000000000000"]}}
            """)
    void tasksForAClientThatDoesNotKnowThem(String method, String params) throws Exception {
        JsonNode error = assertError(Wire.of(Wire.request("the-id", method, params, "{}")), 400, -32021, true);
        assertThat(error.at("/data/requiredCapabilities/extensions").has(Wire.PREFIX + "tasks"))
                .isTrue();
    }

    /** A page of another site can send it without asking. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "", "text/plain", "application/json;charset=utf-16"})
    void bodyThatIsNotDeclaredToBeJson(String type) throws Exception {
        Wire wire = Wire.of(call("echo", "{\"text\":\"hello\"}")).header("Content-Type", type);
        assertError(wire, 415, -32600, false);
    }

    /** An error has but one form. */
    @ParameterizedTest
    @CsvSource({"Accept, ///", "Accept, text/html"})
    void headersThatSayNothing(String header, String value) throws Exception {
        Wire wire = Wire.of(call("echo", "{\"text\":\"hello\"}")).header(header, value);
        assertThat(result(wire).at("/content/0/text").asString()).isEqualTo("hello");
        assertError(Wire.of(request("ping", "{}")).header(header, value), 404, -32601, true);
    }

    /** JSON can carry half a surrogate pair, which a digest or an encoder may choke on. */
    @Test
    void halfACharacterComesBackAsItIs() throws Exception {
        ObjectNode echo =
                Wire.request("\ud800", "tools/call", "{\"name\":\"echo\",\"arguments\":{\"text\":\"\\udc00\"}}", "{}");
        JsonNode answer = Wire.JSON.readTree(send(Wire.of(echo)).body());
        assertThat(answer.path("id").asString()).isEqualTo("\ud800");
        assertThat(answer.at("/result/content/0/text").asString()).isEqualTo("\udc00");
        JsonNode asked = result(Wire.of(call("asks", "{\"text\":\"\\ud800\"}")));
        assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
    }
}
