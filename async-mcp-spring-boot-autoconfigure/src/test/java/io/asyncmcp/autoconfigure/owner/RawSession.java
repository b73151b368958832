package io.asyncmcp.autoconfigure.owner;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * A session at the wire, used by its owner or by somebody else.
 *
 * @param endpoint where to send messages
 * @param sessionId its id, empty if the endpoint has it
 * @param name who sends them, empty for a stranger
 */
record RawSession(URI endpoint, String sessionId, String name) {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    static final String INITIALIZE = """
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18",
            "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}}}
            """;

    static RawSession open(TestServer server, String name) throws Exception {
        RawSession none = new RawSession(URI.create("http://localhost:" + server.port() + "/mcp"), "", name);
        String id = none.post(INITIALIZE).headers().firstValue("Mcp-Session-Id").orElseThrow();
        return new RawSession(none.endpoint, id, name);
    }

    RawSession takenBy(String other) {
        return new RawSession(endpoint, sessionId, other);
    }

    HttpResponse<String> post() throws Exception {
        return post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}");
    }

    HttpResponse<String> post(String body) throws Exception {
        return HTTP.send(
                request()
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method) throws Exception {
        return HTTP.send(request().method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(30))
                .header("Accept", "application/json, text/event-stream");
        if (!sessionId.isEmpty()) {
            request.header("Mcp-Session-Id", sessionId);
        }
        return name.isEmpty() ? request : request.header("Authorization", Users.credentials(name));
    }
}
