package io.asyncmcp.autoconfigure.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.io.IOException;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of protocol 2026-07-28 that says nothing but what the protocol asks for. */
final class ModernWire implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder().build();

    static final String TASKS = "{\"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}";

    static final String EVERYTHING = "{\"elicitation\": {}, \"sampling\": {}, \"roots\": {},"
            + " \"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}";

    static final String ANSWERS = "{\"elicitation\": {}, \"sampling\": {}, \"roots\": {}}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI endpoint;

    private final String user;

    private final AtomicInteger lastId = new AtomicInteger();

    private final List<CompletableFuture<?>> open = new CopyOnWriteArrayList<>();

    /** What every request declares. */
    private final String capabilities;

    ModernWire(TestServer server, String capabilities) {
        this(server, "", capabilities);
    }

    ModernWire(TestServer server, String user, String capabilities) {
        this.endpoint = URI.create("http://localhost:" + server.port() + "/mcp");
        this.user = user;
        this.capabilities = capabilities;
    }

    /** A request that is under way, and what has come back so far. */
    final class Sent {

        final CompletableFuture<JsonNode> response = new CompletableFuture<>();

        final CompletableFuture<HttpResponse.ResponseInfo> head = new CompletableFuture<>();

        final List<JsonNode> notifications = new CopyOnWriteArrayList<>();

        final AtomicInteger comments = new AtomicInteger();

        final int id;

        private CompletableFuture<?> exchange = response;

        Sent(int id) {
            this.id = id;
        }

        JsonNode message() {
            try {
                return response.get(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("no response", e);
            }
        }

        JsonNode result() {
            JsonNode message = message();
            assertThat(message.has("result")).as(message.toString()).isTrue();
            assertThat(message.path("result").path("resultType").isString())
                    .as(message.toString())
                    .isTrue();
            assertThat(message.path("result")
                            .path("_meta")
                            .path("io.modelcontextprotocol/serverInfo")
                            .path("name")
                            .isString())
                    .as(message.toString())
                    .isTrue();
            return message.path("result");
        }

        JsonNode error() {
            JsonNode message = message();
            assertThat(message.has("error")).as(message.toString()).isTrue();
            assertThat(message.toString()).doesNotContain("Exception", "java.", "io.asyncmcp", "\\tat ", "jackson");
            return message.path("error");
        }

        int status() {
            try {
                return head.get(30, TimeUnit.SECONDS).statusCode();
            } catch (Exception e) {
                throw new AssertionError("no status", e);
            }
        }

        boolean isStream() {
            try {
                return head.get(30, TimeUnit.SECONDS)
                        .headers()
                        .firstValue("Content-Type")
                        .orElse("")
                        .startsWith("text/event-stream");
            } catch (Exception e) {
                throw new AssertionError("no head", e);
            }
        }

        /** The params of the notifications of one method. */
        List<JsonNode> told(String method) {
            return notifications.stream()
                    .filter(message -> message.path("method").asString("").equals(method))
                    .map(message -> message.path("params"))
                    .toList();
        }

        void awaitTold(String method, int count) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(told(method)).as(method).hasSizeGreaterThanOrEqualTo(count));
        }

        /** Closes the connection, as a client does that has lost interest. */
        void vanish() {
            exchange.cancel(true);
        }
    }

    Sent send(String method, Map<String, ?> params) {
        return send(method, params, Map.of());
    }

    Sent send(String method, Map<String, ?> params, Map<String, ?> meta) {
        Map<String, Object> all = new LinkedHashMap<>(params);
        Map<String, Object> allMeta = new LinkedHashMap<>();
        allMeta.put("io.modelcontextprotocol/protocolVersion", "2026-07-28");
        allMeta.put("io.modelcontextprotocol/clientInfo", Map.of("name", "wire", "version", "1"));
        allMeta.put("io.modelcontextprotocol/clientCapabilities", JSON.readTree(capabilities));
        allMeta.putAll(meta);
        all.put("_meta", allMeta);
        int id = lastId.incrementAndGet();
        String body = JSON.writeValueAsString(Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", all));
        Object name = params.containsKey("taskId") ? params.get("taskId") : params.get("name");
        if (method.equals("resources/read")) {
            name = params.get("uri");
        }
        List<String> headers = new ArrayList<>(List.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", method));
        if (name != null) {
            headers.addAll(List.of("Mcp-Name", name.toString()));
        }
        return post(id, body, headers);
    }

    /** Sends a body as it is, with no headers of the protocol but the given ones. */
    Sent post(int id, String body, List<String> protocolHeaders) {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .header("Accept", "application/json, text/event-stream")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        if (!protocolHeaders.isEmpty()) {
            request.headers(protocolHeaders.toArray(String[]::new));
        }
        if (!user.isEmpty()) {
            String token = Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
            request.header("Authorization", "Basic " + token);
        }
        Sent sent = new Sent(id);
        sent.exchange = http.sendAsync(request.build(), info -> {
            sent.head.complete(info);
            return BodyHandlers.fromLineSubscriber(new Lines(sent)).apply(info);
        });
        sent.exchange.whenComplete((done, error) -> {
            if (error != null) {
                sent.head.completeExceptionally(error);
                sent.response.completeExceptionally(error);
            }
        });
        open.add(sent.exchange);
        return sent;
    }

    private static final class Lines implements Flow.Subscriber<String> {

        private final Sent sent;

        Lines(Sent sent) {
            this.sent = sent;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith(":")) {
                sent.comments.incrementAndGet();
            }
            String json = line.startsWith("data:") ? line.substring("data:".length()) : line;
            if (!json.startsWith("{")) {
                return;
            }
            JsonNode message = JSON.readTree(json);
            if (message.has("method")) {
                assertThat(message.has("id")).as("no requests: " + message).isFalse();
                sent.notifications.add(message);
            } else {
                sent.response.complete(message);
            }
        }

        @Override
        public void onError(Throwable e) {
            sent.response.completeExceptionally(e);
        }

        @Override
        public void onComplete() {
            sent.response.completeExceptionally(new IOException("the response ended without a message"));
        }
    }

    Sent call(String tool, Map<String, ?> arguments) {
        return send("tools/call", Map.of("name", tool, "arguments", arguments));
    }

    JsonNode result(String tool, Map<String, ?> arguments) {
        return call(tool, arguments).result();
    }

    /** Starts a tool that does not end in time, and returns the task that it becomes. */
    String start(String tool, Map<String, ?> arguments) {
        JsonNode task = result(tool, arguments);
        assertThat(task.path("resultType").asString()).as(task.toString()).isEqualTo("task");
        return task.path("taskId").asString();
    }

    JsonNode task(String taskId) {
        return send("tasks/get", Map.of("taskId", taskId)).result();
    }

    JsonNode awaitTask(String taskId, String status) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(task(taskId).path("status").asString()).isEqualTo(status));
        return task(taskId);
    }

    static String text(JsonNode result) {
        return result.path("content").path(0).path("text").asString("");
    }

    /** Answers every question of an {@code input_required} result with the same answer. */
    static Map<String, Object> answers(JsonNode inputRequired, Object answer) {
        assertThat(inputRequired.path("resultType").asString())
                .as(inputRequired.toString())
                .isEqualTo("input_required");
        Map<String, Object> answers = new LinkedHashMap<>();
        inputRequired.path("inputRequests").propertyNames().forEach(key -> answers.put(key, answer));
        return answers;
    }

    static Map<String, Object> accept(String name, Object value) {
        return Map.of("action", "accept", "content", Map.of(name, value));
    }

    /** Comes back with answers. */
    Sent retry(String method, Map<String, ?> params, JsonNode inputRequired, Map<String, ?> answers) {
        Map<String, Object> again = new LinkedHashMap<>(params);
        again.put("inputResponses", answers);
        again.put("requestState", inputRequired.path("requestState").asString());
        return send(method, again);
    }

    @Override
    public void close() {
        open.forEach(exchange -> exchange.cancel(true));
    }
}
