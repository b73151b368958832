package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.isError;
import static io.asyncmcp.autoconfigure.badinput.RawClient.json;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.io.IOException;
import java.io.OutputStream;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** What requests say is kept as long as they wait. One caller's may take up a part of the memory, and others are served. */
class WaitingRequestsIT {

    private static final String BUSY = "busy: with this one this caller's requests that are not answered yet would take"
            + " up more than 51200 bytes of memory, the most they may";

    private static final String BUSY_WITHOUT_SESSION = BUSY.replace("51200", "102400");

    private static final String BUSY_OVER_SSE = BUSY.replace("51200", "215040");

    /** Twice that is more than half of what one caller may have. */
    private static final String LARGE = json(Map.of("text", "x".repeat(15_000)));

    private static final Semaphore BEGUN = new Semaphore(0);

    private static final Semaphore GATE = new Semaphore(0);

    private static final String LISTEN = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"subscriptions/listen\","
            + " \"params\": {\"notifications\": {\"toolsListChanged\": true}, \"_meta\": {"
            + "\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
            + " \"io.modelcontextprotocol/clientInfo\": {\"name\": \"raw\", \"version\": \"1\"},"
            + " \"io.modelcontextprotocol/clientCapabilities\": {}}}}";

    private static final String HOLD = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\","
            + " \"params\": {\"name\": \"hold\", \"arguments\": {}}}";

    private final ExecutorService threads = Executors.newCachedThreadPool();

    static class Configuration {

        @Bean
        PlainTools tools() {
            return new PlainTools();
        }

        @Bean
        AsyncTools asyncTools() {
            return new AsyncTools();
        }
    }

    static class PlainTools {

        @McpTool(name = "linger", description = "Waits.")
        String linger(String text) throws InterruptedException {
            BEGUN.release();
            return GATE.tryAcquire(60, TimeUnit.SECONDS) ? "lingered" : "not let go";
        }
    }

    static class AsyncTools {

        @AsyncTool(name = "hold", timeout = "0s")
        String hold() throws InterruptedException {
            TimeUnit.MINUTES.sleep(1);
            return "held";
        }

        @AsyncTool(name = "shared", timeout = "30s", singleFlight = true)
        String shared(String text, OperationContext context) throws InterruptedException {
            BEGUN.release();
            boolean letGo = GATE.tryAcquire(60, TimeUnit.SECONDS);
            context.progress(1, null, "let go");
            return letGo ? "shared" : "not let go";
        }
    }

    @AfterEach
    void stop() {
        GATE.drainPermits();
        BEGUN.drainPermits();
        threads.shutdownNow();
    }

    private static TestServer server(WebApplicationType web, String protocol) {
        return TestServer.start(
                web,
                Configuration.class,
                "spring.ai.mcp.server.protocol=" + protocol,
                "server.forward-headers-strategy=native",
                "async.mcp.heartbeat-interval=1s",
                "async.mcp.limits.max-active-size=" + maxActiveSize(protocol));
    }

    /** Over SSE, and without sessions, a request counts with the HTTP request that brought it. */
    private static String maxActiveSize(String protocol) {
        return switch (protocol) {
            case "SSE" -> "420KB";
            case "STATELESS" -> "200KB";
            default -> "100KB";
        };
    }

    @ParameterizedTest
    @CsvSource({"SERVLET, STREAMABLE", "SERVLET, STATELESS", "REACTIVE, STREAMABLE", "REACTIVE, STATELESS"})
    void callsOfPlainTools(WebApplicationType web, String protocol) throws Exception {
        try (TestServer server = server(web, protocol)) {
            RawClient client = client(server, protocol);
            RawClient other = client(server.port(), protocol, "192.0.2.1");
            Future<JsonNode> waiting = waiting(() -> client.call("linger", LARGE));

            JsonNode refused = client.call("linger", LARGE);
            assertThat(isError(refused)).isTrue();
            String busy = protocol.equals("STATELESS") ? BUSY_WITHOUT_SESSION : BUSY;
            assertThat(text(refused)).isEqualTo("linger was not started: " + busy + ". Call it again after 1 s.");
            Future<JsonNode> another = waiting(() -> other.call("linger", LARGE));

            GATE.release(2);
            assertThat(text(waiting.get(20, TimeUnit.SECONDS))).contains("lingered");
            assertThat(text(another.get(20, TimeUnit.SECONDS))).contains("lingered");
            GATE.release();
            awaitAnswer(client, "linger", "lingered", 20);
        }
    }

    @Test
    void callThatIsCancelledIsWeighedUntilItsToolHasReturned() throws Exception {
        try (TestServer server = server(WebApplicationType.SERVLET, "STREAMABLE")) {
            RawClient client = client(server, "STREAMABLE");
            Future<JsonNode> waiting = waiting(() -> client.call("linger", LARGE));
            cancel(client, 7);

            assertThat(text(client.call("linger", LARGE))).contains(BUSY);
            GATE.release(2);

            awaitAnswer(client, "linger", "lingered", 20);
            waiting.cancel(true);
        }
    }

    /** The run holds on to the arguments of the call that has started it. Those of others are held by their waits. */
    @Test
    void callThatJoinsAnotherIsWeighedUntilNobodyWaits() throws Exception {
        try (TestServer server = server(WebApplicationType.SERVLET, "STREAMABLE")) {
            RawClient client = client(server, "STREAMABLE");
            Future<JsonNode> first = waiting(() -> client.call("shared", LARGE));
            cancel(client, 7);
            Future<JsonNode> refused = threads.submit(() -> client.call("shared", LARGE));
            assertThat(text(refused.get(20, TimeUnit.SECONDS))).contains(BUSY);

            GATE.release();
            awaitAnswer(client, "shared", "shared", 20);
            first.cancel(true);
        }
    }

    /** The run holds on to what the first call said. The session is told of the task once, however many got it. */
    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void callsThatGetTheSameTaskLeaveNothingBehind(WebApplicationType web) throws Exception {
        try (TestServer server =
                TestServer.start(web, Configuration.class, "spring.ai.mcp.server.protocol=STREAMABLE")) {
            RawClient client = new RawClient(server).initialized("2025-11-25");
            try (Stream<String> lines = listening(server, client.sessionId())) {
                String first = taskOf(client, "first");
                assertThat(BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                long before = used();

                for (int i = 0; i < 500; i++) {
                    assertThat(taskOf(client, "again-" + i)).isEqualTo(first);
                }

                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(() -> assertThat(used() - before).isLessThan(10_000_000));
                GATE.release();
                Iterator<String> told =
                        lines.filter(line -> line.startsWith("data:")).iterator();
                assertThat(told.next()).contains("notifications/progress", "\"again-499\"");
                assertThat(told.next()).contains("notifications/tasks/status", "\"completed\"");
            }
        }
    }

    private static String taskOf(RawClient client, String progressToken) throws Exception {
        return taskOf(
                client,
                "shared",
                "{\"text\": \"x\"}",
                "{\"progressToken\": \"" + progressToken + "\", \"x\": \"" + "x".repeat(60_000) + "\"}");
    }

    private static String taskOf(RawClient client, String tool, String arguments, String meta) throws Exception {
        String body = client.request(
                        "tools/call",
                        "{\"name\": \"" + tool + "\", \"arguments\": " + arguments + ", \"task\": {}, \"_meta\": "
                                + meta + "}",
                        "7")
                .body();
        return RawClient.JSON
                .readTree(body.substring(body.indexOf('{')))
                .at("/result/task/taskId")
                .asString();
    }

    /** One who only comes back for a result is not waited for once the request is given up. */
    @ParameterizedTest
    @ValueSource(strings = {"tools/call", "tasks/result"})
    void comingBackIsWeighedUntilItIsGivenUp(String method) throws Exception {
        try (TestServer server = server(WebApplicationType.SERVLET, "STREAMABLE")) {
            RawClient client = new RawClient(server).initialized("2025-11-25");
            String held = method.equals("tasks/result")
                    ? "{\"taskId\": \"" + taskOf(client, "hold", "{}", "{}") + "\"}"
                    : "{\"name\": \"continue_operation\", \"arguments\": {\"operation_id\": \""
                            + RawClient.operationId(client.call("hold", "{}")) + "\", \"wait_time\": 30}}";
            List<Future<HttpResponse<String>>> waiting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String id = String.valueOf(100 + i);
                waiting.add(threads.submit(() -> client.request(method, held, id)));
            }
            awaitAnswer(client, "linger", BUSY, 20);

            GATE.release();
            for (int i = 0; i < 10; i++) {
                cancel(client, 100 + i);
            }
            awaitAnswer(client, "linger", "lingered", 10);
            waiting.forEach(answer -> answer.cancel(true));
        }
    }

    private static void awaitAnswer(RawClient client, String tool, String answer, int seconds) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(seconds))
                .untilAsserted(() -> assertThat(text(client.call(tool, LARGE))).contains(answer));
    }

    private static void cancel(RawClient client, int id) throws Exception {
        client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": " + id
                + "}}");
    }

    private static RawClient client(TestServer server, String protocol) throws Exception {
        return protocol.equals("STATELESS") ? new RawClient(server) : new RawClient(server).initialized();
    }

    private static RawClient client(int port, String protocol, String address) throws Exception {
        RawClient client = new RawClient(port).from(address);
        return protocol.equals("STATELESS") ? client : client.initialized();
    }

    private Future<JsonNode> waiting(Callable<JsonNode> call) throws Exception {
        Future<JsonNode> waiting = threads.submit(call);
        if (!BEGUN.tryAcquire(5, TimeUnit.SECONDS)) {
            throw new AssertionError("not begun: " + waiting.get(5, TimeUnit.SECONDS));
        }
        return waiting;
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void clientsThatListen(WebApplicationType web) throws Exception {
        try (TestServer server = server(web, "STREAMABLE")) {
            try (Listener first = listen(server);
                    Listener second = listen(server);
                    Listener third = listen(server)) {
                assertThat(first.line()).contains("subscriptions/acknowledged");
                assertThat(second.line()).contains("subscriptions/acknowledged");
                assertThat(third.line()).contains(BUSY).contains("\"retryAfterSeconds\":1");
            }

            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                try (Listener again = listen(server)) {
                    assertThat(again.line()).contains("subscriptions/acknowledged");
                }
            });
        }
    }

    /** What is said outside of requests. */
    private static Stream<String> listening(TestServer server, String session) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/mcp"))
                .header("Accept", "text/event-stream")
                .header("Mcp-Session-Id", session)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofLines()).body();
    }

    private static Listener listen(TestServer server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", "2026-07-28")
                .header("Mcp-Method", "subscriptions/listen")
                .POST(BodyPublishers.ofString("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"subscriptions/listen\","
                        + " \"params\": {\"notifications\": {\"toolsListChanged\": true}, \"_meta\": {"
                        + "\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
                        + " \"io.modelcontextprotocol/clientInfo\": {\"name\": \"raw\", \"version\": \"1\"},"
                        + " \"io.modelcontextprotocol/clientCapabilities\": {\"experimental\": {\"x\": {\"y\": \""
                        + "x".repeat(9_000) + "\"}}}}}}"))
                .build();
        HttpResponse<Stream<String>> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
        Iterator<String> lines =
                response.body().filter(line -> line.contains("{")).iterator();
        return new Listener(lines.next(), response.body());
    }

    private record Listener(String line, Stream<String> body) implements AutoCloseable {

        @Override
        public void close() {
            body.close();
        }
    }

    /** The server asks for them, and the client need not answer. */
    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void rootsThatHaveChangedHoldNoThread(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(
                web,
                Configuration.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.request-timeout=120s",
                "server.tomcat.threads.max=4")) {
            RawClient client = new RawClient(server);
            String session = client.post(RawClient.INITIALIZE.replace(
                            "\"capabilities\": {}", "\"capabilities\": {\"roots\": {\"listChanged\": true}}"))
                    .headers()
                    .firstValue("Mcp-Session-Id")
                    .orElseThrow();
            client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}", "Mcp-Session-Id", session);
            try (Stream<String> lines = listening(server, session)) {
                for (int i = 0; i < 8; i++) {
                    assertThat(client.post(
                                            "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/roots/list_changed\"}",
                                            "Mcp-Session-Id",
                                            session)
                                    .statusCode())
                            .isEqualTo(202);
                }
                assertThat(lines.filter(line -> line.contains("roots/list")).findFirst())
                        .isPresent();
            }
        }
    }

    /** Blanks are nothing to weigh, so nobody may keep them. */
    @ParameterizedTest
    @CsvSource({"SERVLET, true", "SERVLET, false", "REACTIVE, true", "REACTIVE, false"})
    void bodiesAreNotKeptOnceTheyAreRead(WebApplicationType web, boolean modern) throws Exception {
        List<Socket> open = new ArrayList<>();
        try (TestServer server = TestServer.start(
                web,
                Configuration.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.heartbeat-interval=1s")) {
            String session = new RawClient(server).initialized().sessionId();
            long before = used();
            for (int i = 0; i < 40; i++) {
                Socket socket = new Socket("localhost", server.port());
                open.add(socket);
                String message = modern ? LISTEN : HOLD;
                send(
                        socket,
                        modern
                                ? "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen"
                                : "Mcp-Session-Id: " + session,
                        message);
                if (modern) {
                    RawClient.read(socket, "subscriptions/acknowledged");
                } else {
                    RawClient.read(socket, "operation_id");
                }
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(used() - before).isLessThan(20_000_000));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    /** A chunk of one byte takes up many times that, if it is kept as it came. */
    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void bodiesAreKeptWithoutTheirChunks(WebApplicationType web) throws Exception {
        List<Socket> open = new ArrayList<>();
        try (TestServer server = server(web, "STREAMABLE")) {
            String session = new RawClient(server).initialized().sessionId();
            long before = used();
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket("localhost", server.port());
                open.add(socket);
                OutputStream out = socket.getOutputStream();
                out.write(("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Accept: application/json, text/event-stream\r\nMcp-Session-Id: " + session
                                + "\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\n \r\n".repeat(200_000))
                        .getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            assertThat(used() - before).isLessThan(20_000_000);

            for (Socket socket : open) {
                socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                RawClient.read(socket, "\"error\"");
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static void send(Socket socket, String headers, String message) throws IOException {
        String padded = message.substring(0, message.length() - 1) + " ".repeat(1_000_000) + "}";
        OutputStream out = socket.getOutputStream();
        out.write(
                ("POST /mcp HTTP/1.1\r\nHost: localhost:" + socket.getPort() + "\r\nContent-Type: application/json\r\n"
                                + "Accept: application/json, text/event-stream\r\n" + headers + "\r\nContent-Length: "
                                + padded.length() + "\r\n\r\n" + padded)
                        .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Nobody may ever say that the client is ready. */
    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void littleIsKeptOfAClientOverSseThatIsNotReady(WebApplicationType web) throws Exception {
        List<SseStream> early = new ArrayList<>();
        try (TestServer server = server(web, "SSE");
                SseStream ready = SseStream.open(server)) {
            ready.client().post(RawClient.INITIALIZE);
            ready.client().post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
            assertThat(ready.events().next()).contains("serverInfo");
            SseStream first = SseStream.open(server);
            early.add(first);
            assertThat(first.call(1).statusCode()).isEqualTo(200);
            assertThat(first.call(2).statusCode()).isEqualTo(200);
            assertThat(first.events().next()).contains("not initialized", "\"id\":2");
            for (int i = 0; i < 3; i++) {
                SseStream another = SseStream.open(server);
                early.add(another);
                another.call(1);
            }

            ready.call(3);
            assertThat(ready.events().next()).as("they count").contains(BUSY_OVER_SSE, "\"id\":3");
            early.forEach(SseStream::close);
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                GATE.release();
                ready.call(4);
                return ready.events().next().contains("lingered");
            });
        } finally {
            early.forEach(SseStream::close);
        }
    }

    /** A reply to one request tells nothing of another that has the same id. */
    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void requestsOverSseWithTheSameIdAreWeighedEach(WebApplicationType web) throws Exception {
        try (TestServer server = server(web, "SSE");
                SseStream stream = SseStream.open(server)) {
            RawClient client = stream.client();
            client.post(RawClient.INITIALIZE);
            client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
            assertThat(stream.events().next()).contains("serverInfo");
            client.request("tools/call", "{\"name\": \"hold\", \"arguments\": {}}", "1");
            String id = RawClient.operationId(
                    RawClient.JSON.readTree(stream.events().next()));
            String held = "{\"name\": \"continue_operation\", \"arguments\": {\"operation_id\": \"" + id
                    + "\", \"wait_time\": 30}}";
            for (int i = 0; i < 9; i++) {
                client.request("tools/call", held, "5");
            }

            client.request("ping", "{}", "5");
            assertThat(stream.events().next()).contains("\"id\":5", "\"result\":{}");
            stream.call(6);
            assertThat(stream.events().next()).contains(BUSY_OVER_SSE, "\"id\":6");
        }
    }

    private record SseStream(Stream<String> lines, Iterator<String> events, RawClient client) implements AutoCloseable {

        static SseStream open(TestServer server) throws Exception {
            Stream<String> lines = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/sse"))
                                    .header("Accept", "text/event-stream")
                                    .build(),
                            BodyHandlers.ofLines())
                    .body();
            Iterator<String> events = lines.filter(line -> line.startsWith("data:"))
                    .map(line -> line.substring("data:".length()))
                    .iterator();
            return new SseStream(lines, events, new RawClient(events.next().strip(), server));
        }

        HttpResponse<String> call(int id) throws Exception {
            String call = "{\"name\": \"linger\", \"arguments\": " + LARGE + "}";
            return client.request("tools/call", call, String.valueOf(id));
        }

        @Override
        public void close() {
            lines.close();
        }
    }
}
