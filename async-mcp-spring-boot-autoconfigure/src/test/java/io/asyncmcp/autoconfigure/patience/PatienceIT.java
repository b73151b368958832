package io.asyncmcp.autoconfigure.patience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;

/** Clients that take silence for an end, and clients that do not wait as long as the server would. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class PatienceIT {

    /** A client whose name makes the server wait for as long as the tool says. */
    private static final String INITIALIZE = """
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25",
            "capabilities": {}, "clientInfo": {"name": "claude-code", "version": "1"}}}
            """;

    /** Long after it would have given up, and well before the tool would have been promoted. */
    private static final Duration SOON = Duration.ofSeconds(30);

    @Parameter
    WebApplicationType web;

    private final HttpClient http = HttpClient.newHttpClient();

    private TestServer server;

    private SilentTools tools;

    static class Tools {

        @Bean
        SilentTools silentTools() {
            return new SilentTools();
        }
    }

    static class SilentTools {

        final AtomicInteger started = new AtomicInteger();

        volatile CountDownLatch goOn = new CountDownLatch(1);

        @AsyncTool(name = "silent", timeout = "50s")
        String silent(String what) throws InterruptedException {
            started.incrementAndGet();
            goOn.await(60, TimeUnit.SECONDS);
            return what + " is done";
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.heartbeat-interval=250ms",
                "logging.level.io.modelcontextprotocol=off",
                "logging.level.reactor=off");
        tools = server.bean(SilentTools.class);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @BeforeEach
    void hold() {
        tools.started.set(0);
        tools.goOn = new CountDownLatch(1);
    }

    @AfterEach
    void release() {
        tools.goOn.countDown();
    }

    @Test
    void bytesArriveWhileACallWaitsInSilence() throws Exception {
        String session = open();
        try (Stream stream = stream(post(session, call("1", "page")))) {
            stream.readComment();
            stream.readComment();
            tools.goOn.countDown();
            assertThat(stream.readData()).contains("page is done");
        }
    }

    @Test
    void bytesArriveWhileTheResultOfATaskIsWaitedFor() throws Exception {
        String session = open();
        String task = send(session, """
                {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "silent",
                "arguments": {"what": "task"}, "task": {}}}""").get(20, TimeUnit.SECONDS).body();
        String id = task.replaceAll("(?s).*\"taskId\":\"(\\w+)\".*", "$1");
        try (Stream stream = stream(post(session, """
                {"jsonrpc": "2.0", "id": 2, "method": "tasks/result", "params": {"taskId": "%s"}}""".formatted(id)))) {
            stream.readComment();
            tools.goOn.countDown();
            assertThat(stream.readDataWith("\"id\":2")).contains("task is done");
        }
    }

    @Test
    void bytesArriveOnAStreamThatOnlyListens() throws Exception {
        String session = open();
        try (Stream stream = stream("GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                + "Mcp-Session-Id: " + session + "\r\n\r\n")) {
            stream.readComment();
            stream.readComment();
        }
    }

    @Test
    void sessionThatCancelledGetsAHandleInItsSecondCall() throws Exception {
        String session = open();
        CompletableFuture<HttpResponse<String>> first = send(session, call("1", "first"));
        await().atMost(SOON).until(() -> tools.started.get() == 1);
        pause(Duration.ofSeconds(2));
        send(session, """
                {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}""").get(20, TimeUnit.SECONDS);
        assertThat(send(session, call("2", "second"))
                        .get(SOON.toSeconds(), TimeUnit.SECONDS)
                        .body())
                .contains("operation_id", "processing");
        tools.goOn.countDown();
        first.get(20, TimeUnit.SECONDS);
    }

    /** Nothing tells but the connection, and that the client calls again. */
    @Test
    void sessionWhoseConnectionBrokeGetsAHandleInItsSecondCall() throws Exception {
        String session = open();
        breakOff(session, Duration.ofSeconds(5));
        assertThat(send(session, call("2", "first"))
                        .get(SOON.toSeconds(), TimeUnit.SECONDS)
                        .body())
                .contains("operation_id", "processing");
    }

    /** Nothing tells but the connection. The server does not wait for a tool that says nothing to find out. */
    @Test
    void otherCallsOfASessionWhoseConnectionBrokeGetHandlesToo() throws Exception {
        String session = open();
        breakOff(session, Duration.ofSeconds(2));
        // Until it is noticed; a call that comes before that is one more that is lost.
        await().atMost(SOON)
                .until(() -> send(session, call("2", "second"))
                        .orTimeout(4, TimeUnit.SECONDS)
                        .exceptionally(late -> null)
                        .thenApply(
                                response -> response != null && response.body().contains("operation_id"))
                        .get());
    }

    private void breakOff(String session, Duration after) throws Exception {
        try (Stream stream = stream(post(session, call("1", "first")))) {
            await().atMost(SOON).until(() -> tools.started.get() == 1);
            pause(after);
            stream.readComment();
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String call(String id, String what) {
        return """
                {"jsonrpc": "2.0", "id": %s, "method": "tools/call", "params": {"name": "silent",
                "arguments": {"what": "%s"}}}""".formatted(id, what);
    }

    private String open() throws Exception {
        HttpResponse<String> response = send(null, INITIALIZE).get(20, TimeUnit.SECONDS);
        String session = response.headers().firstValue("Mcp-Session-Id").orElseThrow();
        send(session, "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}")
                .get(20, TimeUnit.SECONDS);
        return session;
    }

    private CompletableFuture<HttpResponse<String>> send(String session, String body) {
        List<String> headers = new ArrayList<>(
                List.of("Accept", "application/json, text/event-stream", "Content-Type", "application/json"));
        if (session != null) {
            headers.addAll(List.of("Mcp-Session-Id", session));
        }
        return http.sendAsync(
                HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/mcp"))
                        .POST(BodyPublishers.ofString(body))
                        .headers(headers.toArray(String[]::new))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String post(String session, String body) {
        return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n"
                + "Content-Type: application/json\r\nMcp-Session-Id: " + session + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    private Stream stream(String request) throws IOException {
        return new Stream(server.port(), request);
    }

    /** What really comes over the wire, each byte at most 10 s after the one before: as long as many HTTP clients wait. */
    static final class Stream implements AutoCloseable {

        private final Socket socket;

        private final BufferedReader reader;

        Stream(int port, String request) throws IOException {
            socket = new Socket("localhost", port);
            socket.setSoTimeout(10_000);
            // Closing resets the connection, as a process that dies does.
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        void readComment() throws IOException {
            read(":");
            assertThat(reader.readLine()).as("the end of the comment").isEmpty();
        }

        String readData() throws IOException {
            return read("data:");
        }

        String readDataWith(String part) throws IOException {
            String data = readData();
            while (!data.contains(part)) {
                data = readData();
            }
            return data;
        }

        private String read(String start) throws IOException {
            List<String> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.startsWith(start)) {
                    return line;
                }
            }
            throw new AssertionError("the stream ended: " + lines);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
