package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.modelcontextprotocol.client.McpSyncClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * A client that makes many calls and reads none of the answers does not keep others from theirs. Only WebMVC's transports
 * block when they write.
 */
class StalledClientIT {

    /** More than there are threads that write to clients. */
    private static final int CALLS = 100;

    private final List<Socket> sockets = new ArrayList<>();

    private TestServer server;

    static class Tools {

        @Bean
        LargeTools largeTools() {
            return new LargeTools();
        }

        /** The system would else take megabytes for every connection. */
        @Bean
        TomcatConnectorCustomizer smallBuffers() {
            return connector -> connector.setProperty("socket.txBufSize", "8192");
        }
    }

    static class LargeTools {

        private final CountDownLatch gate = new CountDownLatch(1);

        /** Too much for the buffers of a socket. */
        @AsyncTool(name = "large", timeout = "15s")
        String large() throws InterruptedException {
            gate.await(30, TimeUnit.SECONDS);
            return "x".repeat(512 * 1024);
        }

        @AsyncTool(name = "small", timeout = "15s")
        String small() throws InterruptedException {
            Thread.sleep(200);
            return "small";
        }
    }

    private void start(String protocol) {
        server = TestServer.start(
                WebApplicationType.SERVLET,
                Tools.class,
                "spring.ai.mcp.server.protocol=" + protocol,
                "logging.level.root=off",
                "server.tomcat.threads.max=16",
                // The writes of a client that does not read must not fail while we look, nor its connection be cut.
                "server.tomcat.connection-timeout=60s",
                "async.mcp.heartbeat-interval=60s");
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    private Socket send(String request) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.setSoLinger(true, 0);
        socket.connect(new InetSocketAddress("localhost", server.port()));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    private static String post(String path, String header, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n"
                + header + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String callLarge(String path, String header, int id) {
        return post(
                path,
                header,
                "{\"jsonrpc\":\"2.0\",\"id\":" + id
                        + ",\"method\":\"tools/call\",\"params\":{\"name\":\"large\",\"arguments\":{}}}");
    }

    /** Opens a session over SSE whose client reads nothing more. */
    private String openSse() throws Exception {
        Socket stream = send("GET /sse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
        String path = "/mcp/message?sessionId=" + readSessionId(stream.getInputStream());
        RawClient client = new RawClient(path, server);
        client.post(RawClient.INITIALIZE);
        client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
        return path;
    }

    private void assertOthersAreServed(McpSyncClient other) {
        finishCalls();
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            assertThat(TestServer.text(TestServer.call(other, "small", Map.of())))
                    .isEqualTo("small");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        }
    }

    private void finishCalls() {
        AsyncExecutor executor = server.bean(AsyncExecutor.class);
        if (server.bean(LargeTools.class).gate.getCount() > 0) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> executor.statistics().waiting() == CALLS);
            server.bean(LargeTools.class).gate.countDown();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> executor.statistics().working() == 0);
    }

    @Test
    void manyCallsInOneStreamableSession() throws Exception {
        start("STREAMABLE");
        String session = new RawClient(server).initialized().sessionId();
        for (int i = 0; i < CALLS; i++) {
            send(callLarge("/mcp", "Mcp-Session-Id: " + session + "\r\n", i + 1));
        }
        try (McpSyncClient other = server.connect()) {
            assertOthersAreServed(other);
        }
    }

    @Test
    void manyCallsInOneSseSession() throws Exception {
        start("SSE");
        String path = openSse();
        for (int i = 0; i < CALLS; i++) {
            send(callLarge(path, "", i + 1));
        }
        try (McpSyncClient other = server.connectBySse()) {
            finishCalls();
            for (int i = 0; i < CALLS; i++) {
                send(post(path, "", "{\"jsonrpc\":\"2.0\",\"id\":" + (CALLS + i) + ",\"method\":\"ping\"}"));
            }
            assertOthersAreServed(other);
        }
    }

    @Test
    void manySseSessions() throws Exception {
        start("SSE");
        for (int i = 0; i < CALLS; i++) {
            send(callLarge(openSse(), "", 1));
        }
        try (McpSyncClient other = server.connectBySse()) {
            assertOthersAreServed(other);
        }
    }

    private static String readSessionId(InputStream in) throws IOException {
        String seen = "";
        byte[] buffer = new byte[256];
        while (!seen.contains("sessionId=") || !seen.endsWith("\n")) {
            int count = in.read(buffer);
            assertThat(count).as(seen).isPositive();
            seen += new String(buffer, 0, count, StandardCharsets.UTF_8);
        }
        return seen.replaceFirst("(?s).*sessionId=([-0-9a-f]+).*", "$1");
    }
}
