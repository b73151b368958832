package io.asyncmcp.autoconfigure.transport;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody who speaks every protocol version over HTTP, under one name, and sees every byte of what comes back. */
public final class Caller {

    public static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Map<String, Object> LEGACY_CLIENT = Map.of(
            "protocolVersion",
            "2025-11-25",
            "capabilities",
            Map.of(),
            "clientInfo",
            Map.of("name", "caller", "version", "1"));

    private static final Map<String, Object> CAN_ASK = Map.of("elicitation", Map.of());

    private static final Map<String, Object> CAN_ALL =
            Map.of("elicitation", Map.of(), "extensions", Map.of("io.modelcontextprotocol/tasks", Map.of()));

    /** All requests have the same, so that responses differ only where something else does. */
    public static final int REQUEST = 7;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI endpoint;

    private final List<String> headers = new ArrayList<>();

    private String session = "";

    public Caller(TestServer server, String user) {
        this(server.port(), user);
    }

    public Caller(int port, String user) {
        endpoint = URI.create("http://localhost:" + port + "/mcp");
        headers.addAll(List.of("Accept", "application/json, text/event-stream", "Content-Type", "application/json"));
        if (!user.isEmpty()) {
            String token = Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
            headers.addAll(List.of("Authorization", "Basic " + token));
        }
    }

    /** What came back; the headers are those that the server of MCP writes. */
    public record Reply(int status, Map<String, List<String>> headers, String body) {

        public Reply replacing(String text, String other) {
            return new Reply(status, headers, body.replace(text, other));
        }

        /** The message that is the response, whether it came alone or as the last of a stream. */
        public JsonNode message() {
            String json = body.lines()
                    .filter(line -> line.startsWith("data:"))
                    .reduce((first, last) -> last)
                    .map(line -> line.substring("data:".length()))
                    .orElse(body);
            return JSON.readTree(json);
        }

        public JsonNode result() {
            return message().path("result");
        }

        public String text() {
            return result().path("content").path(0).path("text").asString("");
        }
    }

    public Caller inSession() {
        return inSessionWith(Map.of());
    }

    /** With what the client says it can do. */
    public Caller inSessionWith(Map<String, ?> capabilities) {
        Map<String, Object> client = new LinkedHashMap<>(LEGACY_CLIENT);
        client.put("capabilities", capabilities);
        Reply reply = legacy("initialize", client);
        session = reply.headers().get("mcp-session-id").get(0);
        legacyNotification("notifications/initialized", Map.of());
        return this;
    }

    public String session() {
        return session;
    }

    /** Goes on in a session that may be somebody else's. */
    public Caller inSession(String stolen) {
        session = stolen;
        return this;
    }

    private static Map<String, Object> request(String method, Map<String, ?> params) {
        return Map.of("jsonrpc", "2.0", "id", REQUEST, "method", method, "params", params);
    }

    public Reply legacy(String method, Map<String, ?> params) {
        return post(request(method, params), List.of());
    }

    public Reply legacyCall(String tool, Map<String, ?> arguments) {
        return legacy("tools/call", Map.of("name", tool, "arguments", arguments));
    }

    public Reply legacyNotification(String method, Map<String, ?> params) {
        return post(Map.of("jsonrpc", "2.0", "method", method, "params", params), List.of());
    }

    /** Answers a question, or what is taken for one. */
    public Reply answer(String question, Object result) {
        return post(Map.of("jsonrpc", "2.0", "id", question, "result", result), List.of());
    }

    /** Answers a question with an error. */
    public Reply answerWithError(String question, Map<String, ?> error) {
        return post(Map.of("jsonrpc", "2.0", "id", question, "error", error), List.of());
    }

    /** Protocol 2026-07-28, with or without the Tasks extension. */
    public Reply modern(boolean tasks, String method, Map<String, ?> params) {
        return await(modernAsync(tasks, method, params));
    }

    public CompletableFuture<Reply> modernAsync(boolean tasks, String method, Map<String, ?> params) {
        return postAsync(request(method, ofModern(tasks, params)), modernHeaders(method, params), false);
    }

    private static Map<String, Object> ofModern(boolean tasks, Map<String, ?> params) {
        Map<String, Object> all = new LinkedHashMap<>(params);
        all.put(
                "_meta",
                Map.of(
                        "io.modelcontextprotocol/protocolVersion",
                        "2026-07-28",
                        "io.modelcontextprotocol/clientInfo",
                        Map.of("name", "caller", "version", "1"),
                        "io.modelcontextprotocol/clientCapabilities",
                        tasks ? CAN_ALL : CAN_ASK));
        return all;
    }

    private static List<String> modernHeaders(String method, Map<String, ?> params) {
        List<String> more = new ArrayList<>(List.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", method));
        Object name = params.containsKey("taskId") ? params.get("taskId") : params.get("name");
        if (name != null) {
            more.addAll(List.of("Mcp-Name", name.toString()));
        }
        return more;
    }

    public Reply modernCall(String tool, Map<String, ?> arguments) {
        return modern(false, "tools/call", Map.of("name", tool, "arguments", arguments));
    }

    public CompletableFuture<Reply> legacyAsync(String method, Map<String, ?> params) {
        return postAsync(request(method, params), List.of(), true);
    }

    /** Listens for what is said outside of requests, until the server ends it. */
    public Listening listen() {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .headers(headers.toArray(String[]::new))
                .GET();
        if (!session.isEmpty()) {
            request.header("Mcp-Session-Id", session);
        }
        return listen(request);
    }

    /** Listens to what is said on a request of 2026-07-28, until the server ends it. */
    public Listening listen(String method, Map<String, ?> params) {
        return listen(HttpRequest.newBuilder(endpoint)
                .headers(headers.toArray(String[]::new))
                .headers(modernHeaders(method, params).toArray(String[]::new))
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(request(method, ofModern(true, params))))));
    }

    private Listening listen(HttpRequest.Builder request) {
        List<String> lines = new CopyOnWriteArrayList<>();
        return new Listening(
                lines,
                http.sendAsync(request.build(), BodyHandlers.ofLines())
                        .thenAcceptAsync(response -> response.body().forEach(lines::add), task -> {
                            Thread reader = new Thread(task, "listening");
                            reader.setDaemon(true);
                            reader.start();
                        }));
    }

    /** A stream that is listened on: its lines so far, and what ends with it. */
    public record Listening(List<String> lines, CompletableFuture<Void> ended) {}

    private Reply post(Map<String, ?> message, List<String> more) {
        return await(postAsync(message, more, true));
    }

    private static Reply await(CompletableFuture<Reply> reply) {
        return reply.join();
    }

    private CompletableFuture<Reply> postAsync(Map<String, ?> message, List<String> more, boolean legacy) {
        return raw(JSON.writeValueAsString(message), more, legacy);
    }

    /** Sends anything at all. */
    public CompletableFuture<Reply> raw(String body, List<String> more, boolean legacy) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(60))
                .headers(headers.toArray(String[]::new))
                .POST(BodyPublishers.ofString(body));
        if (!more.isEmpty()) {
            request.headers(more.toArray(String[]::new));
        }
        if (legacy && !session.isEmpty()) {
            request.header("Mcp-Session-Id", session);
        }
        return http.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(Caller::reply);
    }

    private static Reply reply(HttpResponse<String> response) {
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        // The moment and the connection say nothing of the request. The others are Spring Security's, which writes them
        // when its filter returns; a reply that another thread has sent before goes without.
        List.of(
                        "date",
                        "connection",
                        "keep-alive",
                        "cache-control",
                        "pragma",
                        "expires",
                        "x-content-type-options",
                        "x-frame-options",
                        "x-xss-protection")
                .forEach(headers::remove);
        return new Reply(response.statusCode(), headers, response.body());
    }
}
