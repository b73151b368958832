package io.asyncmcp.autoconfigure.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.AsyncTool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls of a client that has not sent {@code notifications/initialized} yet. Where a session has one stream they wait for that, as
 * the SDK's handlers let them wait. Over Streamable HTTP they do not, nor do the SDK's.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EarlyCallIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String INITIALIZED = "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}";

    static class Tools {

        private final AtomicInteger runs = new AtomicInteger();

        @AsyncTool(name = "asynchronous", timeout = "10s")
        String asynchronous() {
            return "run " + runs.incrementAndGet();
        }

        @McpTool(name = "plain", description = "Says how often it was run.")
        String plain() {
            return "run " + runs.incrementAndGet();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Config {

        @Bean
        Tools tools() {
            return new Tools();
        }
    }

    @SpringBootApplication(scanBasePackages = "none")
    @Import(Config.class)
    static class StdioServer {

        public static void main(String[] args) {
            StdioChild.serve(StdioServer.class, args);
        }
    }

    private static String request(int id, String method, String params) {
        return "{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"method\": \"" + method + "\", \"params\": " + params + "}";
    }

    private static String initialize() {
        return request(
                0,
                "initialize",
                "{\"protocolVersion\": \"2025-06-18\", \"capabilities\": {},"
                        + " \"clientInfo\": {\"name\": \"early\", \"version\": \"1\"}}");
    }

    private static String call(int id, String tool) {
        return request(id, "tools/call", "{\"name\": \"" + tool + "\", \"arguments\": {}}");
    }

    private static String text(JsonNode response) {
        return response.path("result").path("content").path(0).path("text").asString("");
    }

    /** A client and a server that say one message after the other. */
    private interface Wire {

        void say(String message) throws Exception;

        JsonNode next() throws Exception;
    }

    private static void assertWaits(Wire wire) throws Exception {
        wire.say(call(1, "asynchronous"));
        wire.say(initialize());
        assertThat(wire.next().path("result").path("protocolVersion").asString())
                .isNotEmpty();
        wire.say(call(2, "asynchronous"));
        wire.say(request(3, "ping", "{}"));
        assertThat(wire.next().path("id").asInt()).as("nothing but the ping").isEqualTo(3);

        wire.say(INITIALIZED);
        JsonNode one = wire.next();
        JsonNode other = wire.next();
        assertThat(Stream.of(one, other).map(response -> response.path("id").asInt()))
                .containsExactlyInAnyOrder(1, 2);
        assertThat(Stream.of(one, other).map(EarlyCallIT::text)).containsExactlyInAnyOrder("run 1", "run 2");
        wire.say(call(4, "asynchronous"));
        assertThat(text(wire.next())).as("no call was made twice").isEqualTo("run 3");
    }

    @Test
    void waitsOnStdio() throws Exception {
        try (StdioChild child = StdioChild.start(StdioServer.class)) {
            assertWaits(new Wire() {

                @Override
                public void say(String message) throws Exception {
                    child.say(message);
                }

                @Override
                public JsonNode next() throws Exception {
                    return child.next();
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void waitsOverSse(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(web, Config.class, "spring.ai.mcp.server.protocol=SSE");
                Stream<String> lines = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(uri(server, "/sse"))
                                        .header("Accept", "text/event-stream")
                                        .build(),
                                BodyHandlers.ofLines())
                        .body()) {
            Iterator<String> data = lines.filter(line -> line.startsWith("data:"))
                    .map(line -> line.substring("data:".length()).strip())
                    .iterator();
            URI messages = uri(server, data.next());
            assertWaits(new Wire() {

                @Override
                public void say(String message) throws Exception {
                    assertThat(post(messages, "", message).statusCode()).isEqualTo(200);
                }

                @Override
                public JsonNode next() {
                    return JSON.readTree(data.next());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void isServedOverStreamableHttpAsAPlainToolIs(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(web, Config.class, "spring.ai.mcp.server.protocol=STREAMABLE")) {
            URI endpoint = uri(server, "/mcp");
            assertThat(post(endpoint, "", call(1, "asynchronous")).statusCode())
                    .as("before there is a session")
                    .isEqualTo(400);
            String session = post(endpoint, "", initialize())
                    .headers()
                    .firstValue("Mcp-Session-Id")
                    .orElseThrow();
            assertThat(post(endpoint, session, call(2, "asynchronous")).body()).contains("run 1");
            assertThat(post(endpoint, session, call(3, "plain")).body()).contains("run 2");
            assertThat(post(endpoint, session, INITIALIZED).statusCode()).isEqualTo(202);
            assertThat(post(endpoint, session, call(4, "asynchronous")).body()).contains("run 3");
            assertThat(post(endpoint, session, call(5, "plain")).body()).contains("run 4");
        }
    }

    private static URI uri(TestServer server, String path) {
        return URI.create("http://localhost:" + server.port() + path);
    }

    private static HttpResponse<String> post(URI endpoint, String session, String message) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(20))
                .headers("Content-Type", "application/json", "Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(message));
        if (!session.isEmpty()) {
            request.header("Mcp-Session-Id", session);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }
}
