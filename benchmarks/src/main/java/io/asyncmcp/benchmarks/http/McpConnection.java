package io.asyncmcp.benchmarks.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/** One connection of one client, which speaks protocol 2025-11-25 in a session of its own. Not thread-safe. */
final class McpConnection implements AutoCloseable {

    private static final String VERSION = "2025-11-25";

    private static final String MODERN = "2026-07-28";

    private static final int OK = 200;

    private static final int ACCEPTED = 202;

    private final HttpRequestExecutor executor = new HttpRequestExecutor();

    private final HttpCoreContext context = HttpCoreContext.create();

    private final DefaultBHttpClientConnection connection;

    private final HttpHost host;

    private @Nullable String session;

    private long requests;

    McpConnection(int port) throws IOException {
        host = new HttpHost("127.0.0.1", port);
        Socket socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        connection = new DefaultBHttpClientConnection(org.apache.hc.core5.http.config.Http1Config.DEFAULT);
        connection.bind(socket);
        request("initialize", """
                {"protocolVersion":"%s","capabilities":{},"clientInfo":{"name":"load","version":"1"}}""".formatted(VERSION));
        post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }

    /** Calls a tool, and returns the answer, whatever it says. */
    String callTool(String name, String arguments) {
        return request("tools/call", "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}");
    }

    /** Makes a request, and returns the message that answers it. */
    String request(String method, String params) {
        return post("{\"jsonrpc\":\"2.0\",\"id\":" + requests++ + ",\"method\":\"" + method + "\",\"params\":" + params
                + "}");
    }

    /** Makes a request of protocol 2026-07-28, which knows no session, and returns the message that answers it. */
    String modernRequest(String method, String name, String params) {
        String meta = """
                {"io.modelcontextprotocol/protocolVersion":"%s","io.modelcontextprotocol/clientInfo":\
                {"name":"load","version":"1"},"io.modelcontextprotocol/clientCapabilities":\
                {"extensions":{"io.modelcontextprotocol/tasks":{}}}}""".formatted(MODERN);
        String message = "{\"jsonrpc\":\"2.0\",\"id\":" + requests++ + ",\"method\":\"" + method + "\",\"params\":{"
                + params + ",\"_meta\":" + meta + "}}";
        ClassicHttpRequest request = request(message);
        request.setHeader("MCP-Protocol-Version", MODERN);
        request.setHeader("Mcp-Method", method);
        request.setHeader("Mcp-Name", name);
        return exchange(message, request);
    }

    String session() {
        return Objects.requireNonNull(session, "the server gave no session");
    }

    /** Ends a session, be it another one. */
    void end(String id) {
        ClassicHttpRequest request = new BasicClassicHttpRequest("DELETE", host, "/mcp");
        request.setHeader("Host", host.toHostString());
        request.setHeader("Mcp-Session-Id", id);
        request.setHeader("MCP-Protocol-Version", VERSION);
        exchange("the end of a session", request);
    }

    /** Makes a request that has nothing to do with MCP, and returns the answer. */
    String get(String path) {
        ClassicHttpRequest request = new BasicClassicHttpRequest("GET", host, path);
        request.setHeader("Host", host.toHostString());
        return exchange(path, request);
    }

    private ClassicHttpRequest request(String message) {
        ClassicHttpRequest request = new BasicClassicHttpRequest("POST", host, "/mcp");
        request.setHeader("Host", host.toHostString());
        request.setHeader("Accept", "application/json, text/event-stream");
        request.setHeader("Content-Type", "application/json");
        request.setHeader("Content-Length", message.getBytes(StandardCharsets.UTF_8).length);
        request.setEntity(new StringEntity(message, ContentType.APPLICATION_JSON));
        return request;
    }

    private String post(String message) {
        ClassicHttpRequest request = request(message);
        if (session != null) {
            request.setHeader("Mcp-Session-Id", session);
            request.setHeader("MCP-Protocol-Version", VERSION);
        }
        return exchange(message, request);
    }

    private String exchange(String what, ClassicHttpRequest request) {
        try (ClassicHttpResponse response = executor.execute(request, connection, context)) {
            String answer = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
            if (response.getCode() != OK && response.getCode() != ACCEPTED) {
                throw new IllegalStateException(what + " was answered with " + response.getCode() + " " + answer);
            }
            Header newSession = response.getFirstHeader("Mcp-Session-Id");
            if (newSession != null) {
                session = newSession.getValue();
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (HttpException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Finds the text that a pattern's first group stands for. */
    static String find(Pattern pattern, String answer) {
        Matcher matcher = pattern.matcher(answer);
        if (!matcher.find()) {
            throw new IllegalStateException("there is no " + pattern + " in " + answer);
        }
        return matcher.group(1);
    }

    /** Fails unless an answer says what it should. */
    static void expect(String answer, String text) {
        if (!answer.contains(text)) {
            throw new IllegalStateException("there is no " + text + " in " + answer);
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
