package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorStatistics;
import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.ai.mcp.annotation.context.McpSyncRequestContext;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.server.WebFilter;

/**
 * Whoever serves HTTP keeps a multiple of what a request's headers take up, and nobody weighs it. So nothing that goes on once
 * the response is over, or nobody waits for it, may hold on to the request.
 */
class RequestsAreLetGoIT {

    private static final int TIMES = 2;

    private static final String HEADER = "X-Watched";

    private static final Queue<Watched> REQUESTS = new ConcurrentLinkedQueue<>();

    private static final String FORM = """
            {"message": "Go on?", "requestedSchema": {"type": "object", "properties": {}}}
            """;

    private final List<Socket> sockets = new ArrayList<>();

    /** A request, as it was before anything looked at it. */
    private record Watched(String kind, WeakReference<Object> request) {

        Watched(String kind, Object request) {
            this(kind, new WeakReference<>(request));
        }

        boolean isKept() {
            return request.get() != null;
        }
    }

    static class Configuration {

        @Bean
        Tools tools() {
            return new Tools();
        }

        @Bean
        PlainTools plainTools() {
            return new PlainTools();
        }
    }

    static class Tools {

        @AsyncTool(name = "hold", timeout = "0s")
        String hold() throws InterruptedException {
            TimeUnit.MINUTES.sleep(1);
            return "held";
        }

        /** Long enough for the response to become a stream. */
        @AsyncTool(name = "hold_with_progress", timeout = "1100ms")
        String holdWithProgress(OperationContext context) throws InterruptedException {
            context.progress(1, 2.0, "half");
            TimeUnit.MINUTES.sleep(1);
            return "held";
        }

        @AsyncTool(name = "hold_long", timeout = "50s")
        String holdLong() throws InterruptedException {
            TimeUnit.MINUTES.sleep(1);
            return "held";
        }

        @AsyncTool(name = "ask", timeout = "20s")
        Object ask(OperationContext context) throws Exception {
            return context.requestInput("go", "elicitation/create", RawClient.JSON.readValue(FORM, Map.class))
                    .toCompletableFuture()
                    .get();
        }
    }

    static class PlainTools {

        @McpTool(name = "ask_plainly", description = "Asks.")
        String ask(McpSyncRequestContext context) {
            return String.valueOf(context.elicit(Answer.class).action());
        }

        record Answer(String text) {}
    }

    static class Servlet {

        @Bean
        FilterRegistrationBean<Filter> watching() {
            FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
                HttpServletRequest given = (HttpServletRequest) request;
                HttpServletRequest wrapper = new HttpServletRequestWrapper(given);
                if (given.getHeader(HEADER) != null) {
                    REQUESTS.add(new Watched(given.getHeader(HEADER), wrapper));
                }
                chain.doFilter(wrapper, response);
            });
            registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
            registration.setAsyncSupported(true);
            return registration;
        }
    }

    static class Reactive {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        WebFilter watching() {
            return (exchange, chain) -> {
                String kind = exchange.getRequest().getHeaders().getFirst(HEADER);
                if (kind != null) {
                    REQUESTS.add(new Watched(kind, exchange.getRequest()));
                }
                return chain.filter(exchange);
            };
        }
    }

    private enum Kind {
        PROMOTED("STREAMABLE", false, client -> client.call("hold", "operation_id")),
        PROMOTED_AFTER_PROGRESS("STREAMABLE", false, client -> client.call("hold_with_progress", "operation_id")),
        LEFT_WHILE_IT_WAITS(
                "STREAMABLE",
                false,
                client -> client.post("tools/call", "{\"name\": \"hold_long\", \"arguments\": {}}")
                        .close()),
        CONTINUED_AND_LEFT("STREAMABLE", false, client -> {
            String id = client.idIn(client.call("hold", "operation_id"));
            client.post("tools/call", continueOperation(id)).close();
        }),
        TASK("STREAMABLE", false, client -> client.task("hold")),
        RESULT_OF_A_TASK_AND_LEFT("STREAMABLE", false, client -> {
            String id = client.idIn(client.task("hold"));
            client.post("tasks/result", "{\"taskId\": \"" + id + "\"}").close();
        }),
        QUESTION_OF_A_TASK("STREAMABLE", false, client -> client.task("ask")),
        STATELESS("STATELESS", false, client -> client.call("hold", "operation_id")),
        MODERN("STREAMABLE", true, client -> client.call("hold", "taskId")),
        MODERN_AFTER_PROGRESS("STREAMABLE", true, client -> client.call("hold_with_progress", "taskId")),
        MODERN_QUESTION("STREAMABLE", true, client -> client.call("ask", "requestState")),
        MODERN_QUESTION_OF_A_PLAIN_TOOL("STREAMABLE", true, client -> client.call("ask_plainly", "requestState")),
        PROMOTED_OVER_SSE("SSE", false, client -> client.call("hold", "operation_id")),
        CONTINUED_OVER_SSE("SSE", false, client -> {
            String id = client.idIn(client.call("hold", "operation_id"));
            client.post("tools/call", continueOperation(id)).close();
        }),
        MODERN_STATELESS("STATELESS", true, client -> client.call("hold", "taskId"));

        final String protocol;

        final boolean modern;

        /** Goes on until no response is waited for any more. */
        final Happening happening;

        Kind(String protocol, boolean modern, Happening happening) {
            this.protocol = protocol;
            this.modern = modern;
            this.happening = happening;
        }

        static String continueOperation(String id) {
            return "{\"name\": \"continue_operation\", \"arguments\": {\"operation_id\": \"" + id
                    + "\", \"wait_seconds\": 50}}";
        }
    }

    private interface Happening {

        void happen(Client client) throws IOException;
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        REQUESTS.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"STREAMABLE", "STATELESS", "SSE"})
    void webFlux(String protocol) throws Exception {
        nothingHoldsOnToRequests(WebApplicationType.REACTIVE, Reactive.class, protocol);
    }

    @ParameterizedTest
    @ValueSource(strings = {"STREAMABLE", "STATELESS", "SSE"})
    void webMvc(String protocol) throws Exception {
        nothingHoldsOnToRequests(WebApplicationType.SERVLET, Servlet.class, protocol);
    }

    private void nothingHoldsOnToRequests(WebApplicationType web, Class<?> watching, String protocol) throws Exception {
        try (TestServer server = TestServer.start(
                web,
                Configuration.class,
                List.of(watching),
                "spring.ai.mcp.server.protocol=" + protocol,
                "async.mcp.tasks.inline-wait=1100ms",
                "async.mcp.heartbeat-interval=200ms")) {
            for (Kind kind : Kind.values()) {
                if (kind.protocol.equals(protocol)) {
                    Client client = new Client(server, kind);
                    for (int i = 0; i < TIMES; i++) {
                        kind.happening.happen(client);
                    }
                }
            }

            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(300))
                    .untilAsserted(() -> {
                        // A thread that serves HTTP remembers its last request.
                        RawClient other = new RawClient(server);
                        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                            other.send("PUT", "X-Not", "watched");
                        }
                        System.gc();
                        assertThat(REQUESTS)
                                .isNotEmpty()
                                .filteredOn(Watched::isKept)
                                .isEmpty();
                    });
            ExecutorStatistics now = server.bean(AsyncExecutor.class).statistics();
            assertThat(now.working() + now.inputRequired()).as("what goes on").isGreaterThanOrEqualTo(TIMES);
        }
    }

    /** Has a connection of its own for each request: of each that is open, a server remembers the last one. */
    private final class Client {

        private static final Pattern ID = Pattern.compile("\"(?:operation_id|taskId)\\\\?\" ?: ?\\\\?\"([^\"\\\\]+)");

        private final int port;

        private final Kind kind;

        private final String path;

        private final String headers;

        /** Where answers come, if that is not where the request went. */
        private final @Nullable Socket stream;

        Client(TestServer server, Kind kind) throws Exception {
            this.port = server.port();
            this.kind = kind;
            if (kind.protocol.equals("SSE")) {
                stream = new Socket("localhost", port);
                sockets.add(stream);
                send(stream, "GET /sse HTTP/1.1\r\nHost: localhost:" + port + "\r\nAccept: text/event-stream\r\n\r\n");
                Matcher endpoint = Pattern.compile("data: ?(/\\S+)").matcher(RawClient.read(stream, "\n\n"));
                assertThat(endpoint.find()).isTrue();
                path = endpoint.group(1);
                headers = "";
                ready(new RawClient(path, server));
                RawClient.read(stream, "serverInfo");
                return;
            }
            stream = null;
            path = "/mcp";
            if (kind.modern) {
                headers = "MCP-Protocol-Version: 2026-07-28\r\n";
            } else if (protocolHasNoSessions()) {
                headers = "";
            } else {
                headers = "Mcp-Session-Id: " + ready(new RawClient(server)) + "\r\n";
            }
        }

        private boolean protocolHasNoSessions() {
            return kind.protocol.equals("STATELESS");
        }

        private static String ready(RawClient raw) throws Exception {
            String session = raw.post(RawClient.INITIALIZE.replace("2025-06-18", "2025-11-25"))
                    .headers()
                    .firstValue("Mcp-Session-Id")
                    .orElse("none");
            raw.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}", "Mcp-Session-Id", session);
            return session;
        }

        String call(String tool, String until) throws IOException {
            String meta = kind.modern
                    ? ", \"_meta\": {\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
                            + " \"io.modelcontextprotocol/clientInfo\": {\"name\": \"raw\", \"version\": \"1\"},"
                            + " \"io.modelcontextprotocol/clientCapabilities\": {\"elicitation\": {},"
                            + " \"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}}"
                    : "";
            return answered(
                    post("tools/call", "{\"name\": \"" + tool + "\", \"arguments\": {}" + meta + "}", tool), until);
        }

        String task(String tool) throws IOException {
            return answered(
                    post("tools/call", "{\"name\": \"" + tool + "\", \"arguments\": {}, \"task\": {}}"), "taskId");
        }

        String idIn(String answer) {
            Matcher matcher = ID.matcher(answer);
            assertThat(matcher.find()).as(answer).isTrue();
            return matcher.group(1);
        }

        Socket post(String method, String params) throws IOException {
            return post(method, params, "");
        }

        private Socket post(String method, String params, String name) throws IOException {
            String message =
                    "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"" + method + "\", \"params\": " + params + "}";
            String routing = kind.modern ? "Mcp-Method: " + method + "\r\nMcp-Name: " + name + "\r\n" : "";
            Socket socket = new Socket("localhost", port);
            sockets.add(socket);
            int known = REQUESTS.size();
            send(
                    socket,
                    "POST " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nContent-Type: application/json\r\n"
                            + "Accept: application/json, text/event-stream\r\n" + HEADER + ": " + kind + "\r\n"
                            + headers + routing + "Content-Length: " + message.length() + "\r\n\r\n" + message);
            await().atMost(Duration.ofSeconds(10)).until(() -> REQUESTS.size() > known);
            return socket;
        }

        private String answered(Socket socket, String until) throws IOException {
            String answer = RawClient.read(stream == null ? socket : stream, until);
            socket.close();
            return answer;
        }

        private static void send(Socket socket, String request) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
