package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Requests that are no good HTTP leave nothing of theirs in the log, and no stack traces. */
@ExtendWith(OutputCaptureExtension.class)
class BrokenRequestsIT {

    private static final String BROKEN = "?sessionId=%0a2026-01-01%20INFO%20FORGED%0a%zz";

    static class Tools {

        @AsyncTool(name = "noop")
        String noop() {
            return "done";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SERVLET, STREAMABLE, /mcp",
        "SERVLET, STATELESS, /mcp",
        "SERVLET, SSE, /sse",
        "SERVLET, SSE, /mcp/message",
        "REACTIVE, STREAMABLE, /mcp",
        "REACTIVE, SSE, /sse",
        "REACTIVE, SSE, /mcp/message"
    })
    void leaveNothingInTheLog(WebApplicationType web, String protocol, String path, CapturedOutput output)
            throws Exception {
        String ping = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}";
        try (TestServer server = TestServer.start(web, Tools.class, "spring.ai.mcp.server.protocol=" + protocol)) {
            for (String method : new String[] {"GET", "POST", "DELETE"}) {
                for (String type : new String[] {"application/json", "application/x-www-form-urlencoded"}) {
                    if (method.equals("GET") || method.equals("POST") || type.equals("application/json")) {
                        String body = type.equals("application/json") ? ping : "a=%0aFORGED%zz";
                        assertThat(send(server, method, path + BROKEN, type, body))
                                .as(method + " " + type)
                                .startsWith("HTTP/1.1 ")
                                .doesNotStartWith("HTTP/1.1 5");
                    }
                }
            }
            sendManyHeaders(server, web, path);
            if (!path.equals("/sse")) {
                sendBrokenChunks(server, path, ping);
                cutBodies(server, path);
            }
        }
        assertThat(output.getAll().lines().filter(line -> line.startsWith("\tat ")))
                .isEmpty();
        assertThat(output.getAll().lines().filter(line -> line.contains("FORGED")))
                .isEmpty();
    }

    /** Each takes four bytes on the wire, and a hundred of the server's memory. */
    private static void sendManyHeaders(TestServer server, WebApplicationType web, String path) throws IOException {
        String method = path.equals("/mcp") || path.equals("/sse") ? "GET" : "POST";
        String head = method + " " + path + " HTTP/1.1\r\nHost: localhost:" + server.port()
                + "\r\nAccept: text/event-stream\r\n" + "a:\r\n".repeat(1_000) + "\r\n";
        // Tomcat has a limit of its own.
        assertThat(send(server, head)).isEqualTo("HTTP/1.1 " + (web == WebApplicationType.REACTIVE ? 431 : 400));
    }

    private static void sendBrokenChunks(TestServer server, String path, String ping) throws IOException {
        for (String chunks :
                List.of("zz\r\n", "-5\r\n", "28\r\n" + ping + "\r\nzz\r\n", "28\r\n" + ping + "XX0\r\n\r\n")) {
            String head = "POST " + path + " HTTP/1.1\r\nHost: localhost:" + server.port()
                    + "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream"
                    + "\r\nTransfer-Encoding: chunked\r\n\r\n";
            assertThat(send(server, head + chunks)).as(chunks).startsWith("HTTP/1.1 4");
        }
    }

    private static void cutBodies(TestServer server, String path) throws IOException, InterruptedException {
        for (String expect : List.of("", "Expect: 100-continue\r\n")) {
            try (Socket socket = new Socket("localhost", server.port())) {
                socket.getOutputStream()
                        .write(("POST " + path + " HTTP/1.1\r\nHost: localhost:" + server.port()
                                        + "\r\nContent-Type: application/json\r\n" + expect
                                        + "Content-Length: 9\r\n\r\n{")
                                .getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                socket.setSoTimeout(10_000);
                socket.getInputStream().readAllBytes();
            }
        }
        for (int times = 0; times < 5; times++) {
            try (Socket socket = new Socket("localhost", server.port())) {
                // Closing it resets the connection.
                socket.setSoLinger(true, 0);
                socket.getOutputStream()
                        .write(("POST " + path + " HTTP/1.1\r\nHost: localhost:" + server.port()
                                        + "\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
                                        + " ".repeat(1_000))
                                .getBytes(StandardCharsets.US_ASCII));
                Thread.sleep(20);
            }
        }
    }

    private static String send(TestServer server, String method, String target, String type, String body)
            throws IOException {
        return send(
                server,
                method + " " + target + " HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\nContent-Type: " + type
                        + "\r\nAccept: application/json, text/event-stream\r\nMcp-Session-Id: none\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
    }

    private static String send(TestServer server, String request) throws IOException {
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            byte[] start = new byte[12];
            return new String(start, 0, socket.getInputStream().readNBytes(start, 0, 12), StandardCharsets.US_ASCII);
        }
    }
}
