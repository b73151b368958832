package io.asyncmcp.sample.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * One MCP session on one connection, without the SDK's client, whose own work would hide some of the server's.
 *
 * <p>Makes one call at a time; not thread-safe.
 */
final class WireSession {

    private static final String PROTOCOL = "2025-06-18";

    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"%s",\
            "capabilities":{},"clientInfo":{"name":"compare-calls","version":"1"}}}""".formatted(PROTOCOL);

    private static final String INITIALIZED = """
            {"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private static final String CALL = """
            {"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","arguments":%s}}""";

    /** Each session has a client of its own: a shared one would choose the connection by itself. */
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final HttpRequest.Builder request;

    private long lastId;

    private WireSession(String url) {
        this.request = HttpRequest.newBuilder(URI.create(url + "/mcp"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", PROTOCOL);
    }

    /**
     * Opens a session.
     *
     * @param url the server's address, without the path
     */
    static WireSession open(String url) throws IOException, InterruptedException {
        WireSession session = new WireSession(url);
        String id = session.post(INITIALIZE, 200)
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow(() -> new IllegalStateException("the server must open a session, but did not"));
        session.request.header("Mcp-Session-Id", id);
        session.post(INITIALIZED, 202);
        return session;
    }

    /**
     * Calls a tool and waits until the answer's stream has ended.
     *
     * @return how long that took, in nanoseconds
     * @throws IllegalStateException if the answer is wrong
     */
    long call(ComparedTool tool) throws IOException, InterruptedException {
        long id = ++lastId;
        String label = "call-" + id;
        String body = CALL.formatted(id, tool.toolName(), tool.arguments(label));
        long start = System.nanoTime();
        HttpResponse<String> response = post(body, 200);
        long latency = System.nanoTime() - start;
        WireAnswer.check(response.body(), id, ComparedTool.answerTo(label));
        return latency;
    }

    void close() throws IOException, InterruptedException {
        http.send(request.copy().DELETE().build(), BodyHandlers.discarding());
    }

    private HttpResponse<String> post(String body, int expected) throws IOException, InterruptedException {
        HttpResponse<String> response =
                http.send(request.copy().POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        if (response.statusCode() != expected) {
            throw new IllegalStateException("the server must answer " + expected + " to " + body + ", but answered "
                    + response.statusCode() + ": " + response.body());
        }
        return response;
    }
}
