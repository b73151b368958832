package io.asyncmcp.soak.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends JSON-RPC messages over HTTP, one POST each. Thread-safe. */
final class Wire {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** One for all, as in a process with many clients. */
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    private final AtomicLong lastId;

    private final HttpRequest.Builder request;

    /**
     * Makes a client that has not sent anything yet.
     *
     * @param url the server's address, without the path
     * @param user who it acts for, or nobody if empty
     */
    Wire(String url, String user) {
        lastId = new AtomicLong();
        request = HttpRequest.newBuilder(URI.create(url + "/mcp"))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream");
        if (!user.isEmpty()) {
            request.header("Authorization", authorization(user));
        }
    }

    private Wire(HttpRequest.Builder request, AtomicLong lastId) {
        this.request = request;
        this.lastId = lastId;
    }

    /**
     * Returns the same client, whose connections are for one request each. The JDK cancels a request by closing its connection,
     * and closes it under the next request if that has it by then.
     */
    Wire vanishing() {
        return new Wire(request.copy().header("Connection", "close"), lastId);
    }

    static String authorization(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a request; everything on its stream that is not its response goes to {@code others}. */
    Exchange send(String method, Map<String, ?> params, Map<String, String> headers, Consumer<JsonNode> others) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("jsonrpc", "2.0");
        message.put("id", lastId.incrementAndGet());
        message.put("method", method);
        message.put("params", params);
        Exchange exchange = new Exchange(others);
        exchange.begin(HTTP, post(message, headers));
        return exchange;
    }

    /** Sends what has no response: a notification, or the answer to a question. */
    void tell(Map<String, ?> message, Map<String, String> headers) throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(post(message, headers), BodyHandlers.ofString());
        if (response.statusCode() != 202) {
            throw new Unexpected("status " + response.statusCode(), response.body());
        }
    }

    void delete(Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder delete = request.copy().DELETE();
        headers.forEach(delete::header);
        HttpResponse<String> response = HTTP.send(delete.build(), BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new Unexpected("status " + response.statusCode(), response.body());
        }
    }

    private HttpRequest post(Map<String, ?> message, Map<String, String> headers) {
        HttpRequest.Builder post = request.copy().POST(BodyPublishers.ofString(JSON.writeValueAsString(message)));
        headers.forEach(post::header);
        return post.build();
    }
}
