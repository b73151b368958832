package io.asyncmcp.autoconfigure.badinput;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;

/** Requests that a browser sends for a page of another site, on every HTTP transport. */
class HostAndOriginIT {

    private static final String INITIALIZE =
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                    + "\"capabilities\":{},\"clientInfo\":{\"name\":\"raw\",\"version\":\"1\"}}}";

    static class Tools {}

    private TestServer server;

    private String protocol;

    private void start(WebApplicationType web, String protocol, String... properties) {
        String[] all = new String[properties.length + 2];
        System.arraycopy(properties, 0, all, 0, properties.length);
        all[properties.length] = "spring.ai.mcp.server.protocol=" + protocol;
        all[properties.length + 1] = "logging.level.root=off";
        this.protocol = protocol;
        server = TestServer.start(web, Tools.class, all);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** The response from its status line on, at least the part that comes first. */
    private String answer(String host, String origin) throws IOException {
        String request = protocol.equals("SSE") ? "GET /sse HTTP/1.1\r\n" : "POST /mcp HTTP/1.1\r\n";
        request += "Host: " + host + "\r\nAccept: application/json, text/event-stream\r\nConnection: close\r\n";
        if (origin != null) {
            request += "Origin: " + origin + "\r\n";
        }
        request += protocol.equals("SSE")
                ? "\r\n"
                : "Content-Type: application/json\r\nContent-Length: " + INITIALIZE.length() + "\r\n\r\n" + INITIALIZE;
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[4096];
            int count = socket.getInputStream().read(buffer);
            // An accepted SSE request has no end.
            while (count > 0
                    && !(answer.isEmpty()
                            && new String(buffer, 0, count, StandardCharsets.UTF_8).startsWith("HTTP/1.1 200"))) {
                answer.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                count = socket.getInputStream().read(buffer);
            }
            return answer.isEmpty() ? new String(buffer, 0, count, StandardCharsets.UTF_8) : answer.toString();
        }
    }

    private void assertTaken(String host, String origin) throws IOException {
        assertThat(answer(host, origin)).startsWith("HTTP/1.1 200");
    }

    private void assertRefused(String host, String origin, String header) throws IOException {
        String answer = answer(host, origin);
        assertThat(answer)
                .startsWith("HTTP/1.1 403")
                .contains("\"The " + header + " header is not allowed.\"")
                .doesNotContain("evil");
        RawClient.assertClean(answer);
    }

    @ParameterizedTest
    @CsvSource({
        "SERVLET, STREAMABLE", "SERVLET, STATELESS", "SERVLET, SSE",
        "REACTIVE, STREAMABLE", "REACTIVE, STATELESS", "REACTIVE, SSE"
    })
    void serverOnThisMachineIsOutOfReachForOtherSites(WebApplicationType web, String protocol) throws Exception {
        start(web, protocol, "server.address=127.0.0.1");
        assertTaken("localhost:" + server.port(), null);
        assertTaken("127.0.0.1:" + server.port(), "http://localhost:" + server.port());
        assertRefused("127.0.0.1:" + server.port(), "http://localhost:6274", "Origin");
        assertRefused("localhost:" + server.port(), "https://evil.example", "Origin");
        assertRefused("localhost:" + server.port(), "null", "Origin");
        // Its name leads to this machine.
        assertRefused("evil.example:" + server.port(), "http://evil.example:" + server.port(), "Host");
        assertRefused("evil.example:" + server.port(), null, "Host");
        assertNothingButJsonIsTaken();
    }

    /** A page sends text or a form without asking, and a body without a type too. */
    private void assertNothingButJsonIsTaken() throws Exception {
        String path = protocol.equals("SSE") ? "/mcp/message?sessionId=none" : "/mcp";
        for (String type :
                new String[] {"text/plain", "application/x-www-form-urlencoded", "application/json;charset=utf-16"}) {
            for (String version : new String[] {"2025-06-18", "2026-07-28"}) {
                assertUnsupported(
                        HttpRequest.newBuilder()
                                .header("MCP-Protocol-Version", version)
                                .header("Content-Type", type),
                        path);
            }
        }
        assertUnsupported(HttpRequest.newBuilder(), path);
    }

    private void assertUnsupported(HttpRequest.Builder request, String path) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        request.uri(URI.create("http://localhost:" + server.port() + path))
                                .header("Accept", "application/json, text/event-stream")
                                .POST(BodyPublishers.ofString(INITIALIZE))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("Content-Type must be application/json");
    }

    @ParameterizedTest
    @CsvSource({"SERVLET, STREAMABLE", "REACTIVE, STREAMABLE"})
    void serverOnTheNetworkTakesItsOwnPages(WebApplicationType web, String protocol) throws Exception {
        start(web, protocol);
        assertTaken("mcp.example.com", null);
        assertTaken("10.0.0.7:8080", "http://10.0.0.7:8080");
        assertRefused("10.0.0.7:8080", "http://10.0.0.7", "Origin");
        // Its name leads to this network.
        assertRefused("evil.example", "http://evil.example", "Host");
    }

    @ParameterizedTest
    @CsvSource({"SERVLET, STREAMABLE", "REACTIVE, STREAMABLE"})
    void serverTakesThePagesOfANameThatIsListed(WebApplicationType web, String protocol) throws Exception {
        start(web, protocol, "async.mcp.security.allowed-hosts=mcp.example.com");
        assertTaken("mcp.example.com", "https://mcp.example.com");
        assertRefused("mcp.example.com", "https://evil.example", "Origin");
        // The SDK has words of its own for what is not on a list.
        assertThat(answer("evil.example", "http://evil.example"))
                .contains(" 421 ")
                .doesNotContain("evil");
    }

    @ParameterizedTest
    @CsvSource({"SERVLET, STREAMABLE", "REACTIVE, STREAMABLE"})
    void starsTakeAnybody(WebApplicationType web, String protocol) throws Exception {
        start(
                web,
                protocol,
                "server.address=127.0.0.1",
                "async.mcp.security.allowed-hosts=*",
                "async.mcp.security.allowed-origins=*");
        assertTaken("mcp.example.com", "https://other.example");
    }

    /** Where the host is no header for Tomcat. */
    @ParameterizedTest
    @CsvSource({"SERVLET, 2025-06-18", "SERVLET, 2026-07-28"})
    void hostIsKnownOnHttp2(WebApplicationType web, String version) throws Exception {
        start(web, "STREAMABLE", "server.http2.enabled=true", "async.mcp.security.allowed-hosts=localhost:*");
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        // The first request asks for the protocol, and is of the earlier one.
        assertThat(overHttp2(client, "localhost", version).statusCode()).isNotEqualTo(421);
        HttpResponse<String> taken = overHttp2(client, "localhost", version);
        assertThat(taken.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(taken.statusCode()).isNotEqualTo(421);
        assertThat(taken.body()).contains("\"jsonrpc\"");

        HttpClient other =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        for (int i = 0; i < 2; i++) {
            assertThat(overHttp2(other, "127.0.0.1", version).statusCode()).isEqualTo(421);
        }
    }

    private HttpResponse<String> overHttp2(HttpClient client, String host, String version) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + host + ":" + server.port() + "/mcp"))
                        .header("Accept", "application/json, text/event-stream")
                        .header("Content-Type", "application/json")
                        .header("Origin", "http://" + host + ":" + server.port())
                        .header("MCP-Protocol-Version", version)
                        .POST(BodyPublishers.ofString(INITIALIZE))
                        .build(),
                BodyHandlers.ofString());
    }
}
