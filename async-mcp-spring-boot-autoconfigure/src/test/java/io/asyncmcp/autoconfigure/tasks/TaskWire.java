package io.asyncmcp.autoconfigure.tasks;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that speaks tasks on the wire, as no Java SDK does, and remembers everything it is told. */
public final class TaskWire implements AutoCloseable {

    public static final JsonMapper JSON = JsonMapper.builder().build();

    static final String RELATED_TASK = "io.modelcontextprotocol/related-task";

    private static final String CAPABILITIES = "{\"elicitation\": {\"form\": {}}, \"sampling\": {}}";

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI endpoint;

    private final List<String> headers = new ArrayList<>();

    private final AtomicInteger lastId = new AtomicInteger();

    private final List<CompletableFuture<?>> open = new CopyOnWriteArrayList<>();

    /** Notifications from every stream, in the order in which they came. */
    final List<JsonNode> notifications = new CopyOnWriteArrayList<>();

    /** Requests of the server from every stream. */
    final List<JsonNode> questions = new CopyOnWriteArrayList<>();

    private JsonNode initialized;

    /** What a question is answered with, as JSON; {@code null} to leave it open. */
    public volatile String answer = "{\"action\": \"accept\", \"content\": {\"yes\": true}}";

    private TaskWire(TestServer server, String user) {
        this.endpoint = URI.create("http://localhost:" + server.port() + "/mcp");
        headers.addAll(List.of("Accept", "application/json, text/event-stream", "Content-Type", "application/json"));
        if (!user.isEmpty()) {
            String token = Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
            headers.addAll(List.of("Authorization", "Basic " + token));
        }
    }

    public static TaskWire connect(TestServer server) throws Exception {
        return connect(server, "", "2025-11-25");
    }

    public static TaskWire connect(TestServer server, String user, String version) throws Exception {
        TaskWire wire = new TaskWire(server, user);
        HttpResponse<String> response = wire.post("{\"jsonrpc\": \"2.0\", \"id\": 0, \"method\": \"initialize\","
                + "\"params\": {\"protocolVersion\": \"" + version + "\", \"capabilities\": " + CAPABILITIES
                + ", \"clientInfo\": {\"name\": \"wire\", \"version\": \"1\"}}}");
        response.headers()
                .firstValue("Mcp-Session-Id")
                .ifPresent(session -> wire.headers.addAll(List.of("Mcp-Session-Id", session)));
        wire.initialized = JSON.readTree(response.body());
        wire.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
        return wire;
    }

    JsonNode initialized() {
        return initialized.path("result");
    }

    /** Listens between its requests. */
    TaskWire listening() throws Exception {
        listens().awaitBegun();
        return this;
    }

    /** The same, for a client that stops listening. */
    Sent listens() {
        Sent stream = new Sent();
        stream.exchange = follow(request().GET().build(), stream);
        return stream;
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(endpoint).headers(headers.toArray(String[]::new));
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return http.send(request().POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }

    void delete() throws Exception {
        assertThat(http.send(request().DELETE().build(), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }

    /** A request that is under way. */
    public final class Sent {

        private final CompletableFuture<JsonNode> response = new CompletableFuture<>();

        /** The first line has come. */
        private final CompletableFuture<Void> begun = new CompletableFuture<>();

        private CompletableFuture<?> exchange = response;

        public JsonNode response() {
            try {
                return response.get(30, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError("no response", e);
            }
        }

        boolean isAnswered() {
            return response.isDone();
        }

        /** Closes the connection, as a process that dies does. */
        void awaitBegun() throws Exception {
            begun.get(30, TimeUnit.SECONDS);
        }

        void vanish() {
            exchange.cancel(true);
        }
    }

    public Sent send(String method, String params) throws Exception {
        int id = lastId.incrementAndGet();
        String body = "{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"method\": \"" + method + "\", \"params\": " + params
                + "}";
        Sent sent = new Sent();
        sent.exchange = follow(request().POST(BodyPublishers.ofString(body)).build(), sent);
        return sent;
    }

    /** Reads a stream line by line on the client's own threads; cancelling it closes the connection. */
    private CompletableFuture<?> follow(HttpRequest request, Sent sent) {
        CompletableFuture<?> exchange = http.sendAsync(request, BodyHandlers.fromLineSubscriber(new Lines(sent)));
        open.add(exchange);
        return exchange;
    }

    private final class Lines implements Flow.Subscriber<String> {

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
            sent.begun.complete(null);
            // A stateless server answers with JSON alone.
            String json = line.startsWith("data:") ? line.substring("data:".length()) : line;
            if (json.startsWith("{")) {
                take(JSON.readTree(json), sent.response);
            }
        }

        @Override
        public void onError(Throwable e) {
            sent.response.completeExceptionally(e);
        }

        @Override
        public void onComplete() {
            sent.response.completeExceptionally(new IOException("the stream ended without a response"));
        }
    }

    private void take(JsonNode message, CompletableFuture<JsonNode> response) {
        if (!message.has("method")) {
            response.complete(message);
        } else if (!message.has("id")) {
            notifications.add(message);
        } else {
            questions.add(message);
            if (answer != null) {
                threads.execute(() -> answer(message.path("id")));
            }
        }
    }

    void answer(JsonNode id) {
        try {
            post("{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"result\": " + answer + "}");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public JsonNode result(String method, String params) throws Exception {
        JsonNode response = send(method, params).response();
        assertThat(response.path("error").isMissingNode())
                .as(response.toString())
                .isTrue();
        return response.path("result");
    }

    public JsonNode error(String method, String params) throws Exception {
        JsonNode error = send(method, params).response().path("error");
        assertThat(error.path("code").asInt()).isNegative();
        assertThat(error.toString()).doesNotContain("Exception", "java.", "io.asyncmcp", "\\tat ", "Map", "jackson");
        return error;
    }

    int errorCode(String method, String params) throws Exception {
        return error(method, params).path("code").asInt();
    }

    public static String call(String tool, String arguments, String task) {
        return "{\"name\": \"" + tool + "\", \"arguments\": " + arguments + ", \"task\": " + task
                + ", \"_meta\": {\"progressToken\": \"token-" + tool + "\"}}";
    }

    /** Starts a task and returns its id. */
    public String start(String tool, String arguments) throws Exception {
        return result("tools/call", call(tool, arguments, "{}"))
                .path("task")
                .path("taskId")
                .asString();
    }

    public static String id(String taskId) {
        return JSON.writeValueAsString(Map.of("taskId", taskId));
    }

    public String status(String taskId) throws Exception {
        return result("tasks/get", id(taskId)).path("status").asString();
    }

    public void awaitStatus(String taskId, String status) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(status(taskId)).isEqualTo(status));
    }

    Sent awaitResult(String taskId) throws Exception {
        return send("tasks/result", id(taskId));
    }

    public static String text(JsonNode result) {
        return result.path("content").path(0).path("text").asString("");
    }

    static String related(JsonNode holder) {
        return holder.path("_meta").path(RELATED_TASK).path("taskId").asString("");
    }

    /** The params of the notifications of one method that are about one task. */
    List<JsonNode> told(String method, String taskId) {
        return notifications.stream()
                .filter(message -> message.path("method").asString().equals(method))
                .map(message -> message.path("params"))
                .filter(params -> params.path("taskId").asString("").equals(taskId)
                        || related(params).equals(taskId))
                .toList();
    }

    @Override
    public void close() {
        open.forEach(exchange -> exchange.cancel(true));
        threads.shutdownNow();
    }
}
