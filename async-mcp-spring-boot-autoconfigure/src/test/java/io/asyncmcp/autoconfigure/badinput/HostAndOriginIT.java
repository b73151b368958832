package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.io.IOException;
import java.net.Socket;
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
        assertTaken("127.0.0.1:" + server.port(), "http://localhost:6274");
        assertRefused("localhost:" + server.port(), "https://evil.example", "Origin");
        assertRefused("localhost:" + server.port(), "null", "Origin");
        // Its name leads to this machine.
        assertRefused("evil.example:" + server.port(), "http://evil.example:" + server.port(), "Host");
        assertRefused("evil.example:" + server.port(), null, "Host");
    }

    @ParameterizedTest
    @CsvSource({"SERVLET, STREAMABLE", "REACTIVE, STREAMABLE"})
    void serverOnTheNetworkTakesItsOwnPages(WebApplicationType web, String protocol) throws Exception {
        start(web, protocol);
        assertTaken("mcp.example.com", null);
        assertTaken("mcp.example.com", "https://mcp.example.com");
        assertRefused("mcp.example.com", "https://evil.example", "Origin");
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
}
