package io.asyncmcp.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.server.PrincipalOwnerResolver;
import io.asyncmcp.server.http.Heartbeat;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.HttpExchange.Response;
import io.asyncmcp.server.http.MessageJson;
import io.asyncmcp.server.http.OpenExchanges;
import io.asyncmcp.server.http.ReplyMemory;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.HostAndOriginRules;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The endpoint with the SDK's server on it, without HTTP. */
class StreamableHttpEndpointTests {

    private static final String INITIALIZE = """
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25",
             "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}""";

    private static final String INITIALIZED = "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}";

    private static final String CALL = """
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "hello", "arguments": {}}}""";

    private static final int MAX_BODY = 10_000;

    private static final int MAX_SESSIONS = 4;

    private final MutableClock clock = new MutableClock();

    private final ManualTimer timer = new ManualTimer();

    private final Heartbeat heartbeat = new Heartbeat(Duration.ofSeconds(1), Duration.ofSeconds(15), timer);

    /** The sessions that somebody needs. */
    private final Set<String> needed = new HashSet<>();

    private final AtomicInteger asked = new AtomicInteger();

    private final SessionOwners owners = new SessionOwners(new PrincipalOwnerResolver(false));

    private final StreamableHttpEndpoint endpoint = endpoint(false);

    private final McpAsyncServer server = serve(endpoint);

    @AfterEach
    void close() {
        server.closeGracefully().block();
        heartbeat.close();
    }

    private StreamableHttpEndpoint endpoint(boolean disallowDelete) {
        return new StreamableHttpEndpoint(
                new McpHttpEndpoint.Settings(
                        new MessageJson(JsonMapper.shared()),
                        new RequestBodies(MAX_BODY, 1_000_000, 10, clock),
                        new HostAndOriginRules(List.of(), List.of(), true),
                        Optional::empty,
                        heartbeat,
                        Runnable::run,
                        new ReplyMemory(Limits.DEFAULTS),
                        new OpenExchanges(0),
                        false),
                new StreamableHttpEndpoint.SessionRules(
                        Duration.ofMinutes(30),
                        session -> {
                            asked.incrementAndGet();
                            return CompletableFuture.completedStage(needed.contains(session));
                        },
                        MAX_SESSIONS,
                        disallowDelete,
                        null),
                owners,
                new Dialects(List.of()),
                clock);
    }

    private static McpAsyncServer serve(StreamableHttpEndpoint endpoint) {
        return McpServer.async(endpoint)
                .serverInfo("test", "1")
                .toolCall(
                        Tool.builder("hello", Map.of("type", "object")).build(),
                        (exchange, request) -> Mono.just(new CallToolResult(
                                List.of(TextContent.builder("hi").build()), false, null, null)))
                .build();
    }

    private static Map<String, List<String>> headers(@Nullable String session) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Host", List.of("localhost"));
        headers.put("Content-Type", List.of("application/json"));
        headers.put("Accept", List.of("application/json, text/event-stream"));
        if (session != null) {
            headers.put("Mcp-Session-Id", List.of(session));
        }
        return headers;
    }

    private static HttpRequest request(String method, Map<String, List<String>> headers, String user) {
        Principal principal = () -> user;
        return new HttpRequest(
                method,
                null,
                name -> headers.getOrDefault(name, List.of()),
                () -> headers,
                McpTransportContext.create(PrincipalContext.of(principal)));
    }

    private HttpExchange send(HttpRequest request, @Nullable String body) {
        return send(endpoint, request, body);
    }

    private static HttpExchange send(StreamableHttpEndpoint endpoint, HttpRequest request, @Nullable String body) {
        HttpExchange exchange = endpoint.open();
        if (endpoint.admits(request, exchange)) {
            endpoint.handle(body == null ? request : request.with(body.getBytes(StandardCharsets.UTF_8)), exchange)
                    .block();
        }
        return exchange;
    }

    private HttpExchange post(@Nullable String session, String body) {
        return send(request("POST", headers(session), "ann"), body);
    }

    private static Response.Single single(HttpExchange exchange) {
        assertThat(exchange.response()).isCompleted();
        return (Response.Single) exchange.response().toCompletableFuture().join();
    }

    private static int status(HttpExchange exchange) {
        return single(exchange).status();
    }

    private static String text(HttpExchange exchange) {
        return new String(Objects.requireNonNull(single(exchange).body()), StandardCharsets.UTF_8);
    }

    /** The response has been written, and the connection is free again. */
    private static void written(HttpExchange exchange) {
        exchange.written();
        exchange.closed();
    }

    private String open(String user) {
        HttpExchange exchange = send(request("POST", headers(null), user), INITIALIZE);
        written(exchange);
        return Objects.requireNonNull(single(exchange).headers().get("Mcp-Session-Id"));
    }

    @Test
    void toolOfTheSdkIsCalledInASession() {
        String session = open("ann");
        assertThat(status(post(session, INITIALIZED))).isEqualTo(202);
        HttpExchange called = post(session, CALL);
        assertThat(status(called)).isEqualTo(200);
        assertThat(text(called)).contains("\"id\":1", "hi");
        assertThat(endpoint.sessions()).isEqualTo(1);
    }

    @Test
    void requestNeedsASession() {
        open("ann");
        assertThat(status(post(null, CALL))).isEqualTo(400);
        assertThat(status(post("other", CALL))).isEqualTo(404);
        assertThat(status(send(request("GET", headers("other"), "ann"), null))).isEqualTo(404);
        assertThat(status(send(request("DELETE", headers("other"), "ann"), null)))
                .isEqualTo(404);
        assertThat(endpoint.sessions()).isEqualTo(1);
    }

    @Test
    void sessionEndsWhenItsClientSaysSo() {
        String session = open("ann");
        assertThat(status(send(request("DELETE", headers(session), "ann"), null)))
                .isEqualTo(200);
        assertThat(endpoint.sessions()).isZero();
        assertThat(status(post(session, CALL))).isEqualTo(404);
    }

    @Test
    void clientsMayNotEndSessionsWhereThatIsDisallowed() {
        HttpExchange exchange = send(endpoint(true), request("DELETE", headers("any"), "ann"), null);
        assertThat(status(exchange)).isEqualTo(405);
        assertThat(single(exchange).headers()).containsEntry("Allow", "GET, POST");
    }

    @Test
    void clientListensOnAStreamUntilTheServerEnds() {
        String session = open("ann");
        HttpExchange listening = send(request("GET", headers(session), "ann"), null);
        assertThat(listening.response()).isCompleted();
        assertThat(listening.response().toCompletableFuture().join()).isInstanceOf(Response.Stream.class);
        assertThat(status(send(request("POST", headers(session), "ann"), CALL))).isEqualTo(200);
        endpoint.closeGracefully().block();
        assertThat(status(post(session, CALL))).isEqualTo(503);
    }

    @Test
    void sessionThatIsNeededDoesNotGoForANewOne() {
        String first = open("ann");
        String second = open("ann");
        needed.add(first);

        String third = open("ann");
        assertThat(asked).hasValue(2);
        assertThat(status(post(second, INITIALIZED))).isEqualTo(404);
        assertThat(status(post(first, INITIALIZED))).isEqualTo(202);
        assertThat(status(post(third, INITIALIZED))).isEqualTo(202);
    }

    @Test
    void thereIsNoPlaceWhereEverySessionIsNeeded() {
        needed.add(open("ann"));
        needed.add(open("ann"));

        HttpExchange refused = send(request("POST", headers(null), "ann"), INITIALIZE);
        assertThat(status(refused)).isEqualTo(503);
        assertThat(single(refused).headers()).containsKey("Retry-After");
        assertThat(endpoint.sessions()).isEqualTo(2);
        assertThat(open("ben")).as("another caller's").isNotEmpty();
    }

    @Test
    void idleSessionsEndUnlessTheyAreNeeded() {
        needed.add(open("ann"));
        String idle = open("ann");
        clock.advance(Duration.ofMinutes(29));
        timer.advance(Duration.ofMinutes(1));
        assertThat(endpoint.sessions()).isEqualTo(2);

        clock.advance(Duration.ofMinutes(1));
        timer.advance(Duration.ofMinutes(1));
        assertThat(endpoint.sessions()).isEqualTo(1);
        assertThat(status(post(idle, CALL))).isEqualTo(404);
        assertThat(asked).hasValue(2);

        needed.clear();
        clock.advance(Duration.ofMinutes(30));
        timer.advance(Duration.ofMinutes(1));
        assertThat(endpoint.sessions()).isZero();
    }

    @Test
    void whatIsNoMessageIsRefused() {
        String session = open("ann");
        assertThat(status(post(session, "{"))).isEqualTo(400);
        assertThat(status(post(session, "[]"))).isEqualTo(400);
        assertThat(status(post(null, "{\"jsonrpc\": \"2.0\", \"id\": 0, \"method\": \"initialize\"}")))
                .isEqualTo(400);
    }

    @Test
    void headersAreLookedAtBeforeTheBody() {
        Map<String, List<String>> headers = headers(null);
        headers.put("Host", List.of("evil.example"));
        assertThat(status(send(request("POST", headers, "ann"), INITIALIZE))).isEqualTo(403);
        headers = headers(null);
        headers.put("Content-Type", List.of("text/plain"));
        assertThat(status(send(request("POST", headers, "ann"), INITIALIZE))).isEqualTo(415);
        headers = headers(null);
        headers.put("Content-Length", List.of(String.valueOf(MAX_BODY + 1)));
        assertThat(status(send(request("POST", headers, "ann"), INITIALIZE))).isEqualTo(413);
        headers = headers(null);
        headers.put("Accept", List.of("text/html"));
        assertThat(status(send(request("POST", headers, "ann"), INITIALIZE))).isEqualTo(400);
        assertThat(status(send(request("PUT", headers(null), "ann"), null))).isEqualTo(405);
    }
}
