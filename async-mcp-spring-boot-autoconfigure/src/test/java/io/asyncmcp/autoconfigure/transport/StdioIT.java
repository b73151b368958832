package io.asyncmcp.autoconfigure.transport;

import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Many calls, broken lines and the end of the input, where all calls share one stream each way. */
@ParameterizedClass
@ValueSource(strings = {"SYNC", "ASYNC"})
class StdioIT {

    private static final int MANY = 300;

    @Parameter
    String type;

    @Test
    void answersEveryOneOfManyCallsAtOnce() {
        McpAsyncClient many = McpClient.async(StdioServer.transport(type))
                .initializationTimeout(Duration.ofSeconds(60))
                .requestTimeout(Duration.ofSeconds(60))
                .build();
        try {
            many.initialize().block();
            // Each is slower than its timeout, so that all of the answers are late ones, and come at about one time.
            List<CallToolResult> handles = all(many, i -> slow(i, 1000));
            assertThat(handles)
                    .hasSize(MANY)
                    .allSatisfy(handle -> assertThat(structured(handle)).containsEntry("status", "processing"));
            List<String> ids = handles.stream()
                    .map(handle -> (String) structured(handle).get("operation_id"))
                    .toList();
            assertThat(ids).doesNotHaveDuplicates();
            List<CallToolResult> results = all(
                    many,
                    i -> new CallToolRequest(
                            "continue_operation", Map.of("operation_id", ids.get(i), "wait_time", 15), null));
            assertThat(results)
                    .extracting(TestServer::text)
                    .allMatch(text -> text.startsWith("done: call-"))
                    .doesNotHaveDuplicates()
                    .hasSize(MANY);
            assertThat(text(many.callTool(slow(-1, 0)).block())).isEqualTo("done: call--1");
        } finally {
            many.closeGracefully().block();
        }
    }

    private static CallToolRequest slow(int i, int millis) {
        return new CallToolRequest("slow", Map.of("name", "call-" + i, "millis", millis), null);
    }

    private interface Request {
        CallToolRequest number(int i);
    }

    /** The SDK's client loses messages too if two threads write at once, so that one thread writes them all. */
    private static List<CallToolResult> all(McpAsyncClient client, Request request) {
        return Flux.fromStream(IntStream.range(0, MANY).boxed())
                .flatMap(i -> client.callTool(request.number(i)), MANY)
                .collectList()
                .block(Duration.ofSeconds(60));
    }

    /** Every one of these ended the SDK's reader, and with it the server and its operations. */
    @Test
    void linesThatAreNoMessagesAreAnsweredAndHurtNobody() throws Exception {
        List<String> command = new ArrayList<>(StdioServer.command(type));
        command.add("--async.mcp.limits.max-argument-size=10KB");
        command.add("--async.mcp.limits.max-result-size=10KB");
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader replies = child.inputReader(StandardCharsets.UTF_8);
                OutputStream input = child.getOutputStream()) {
            say(input, """
                    {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
                    "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
            assertThat(replies.readLine()).contains("\"id\":0");
            say(input, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            say(input, slowCall(1, 60_000));
            Matcher handle = Pattern.compile("operation_id\":\"([a-z0-9]{26})").matcher(replies.readLine());
            assertThat(handle.find()).isTrue();
            say(input, "");
            say(input, "  \t ");
            List<String> bad = List.of(
                    "null",
                    "{bad",
                    "[]",
                    "5",
                    "{\"jsonrpc\":\"2.0\",\"id\":7}",
                    "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                    "{\"id\":1,\"method\":\"ping\"}",
                    "{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":null}",
                    "\"" + "x".repeat(100_000) + "\"");
            for (String line : bad) {
                say(input, line);
                assertThat(replies.readLine())
                        .as(line)
                        .contains("\"error\":")
                        .containsAnyOf("-32700", "-32600")
                        .doesNotContain("Exception", "xxx");
                say(input, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}");
                assertThat(replies.readLine()).as(line).contains("\"id\":9", "\"result\":");
            }
            say(
                    input,
                    "{\"jsonrpc\":\"2.0\",\"id\":10,\"method\":\"tools/call\",\"params\":{\"name\":\"continue_operation\","
                            + "\"arguments\":{\"operation_id\":\"" + handle.group(1) + "\",\"wait_time\":0}}}");
            assertThat(replies.readLine()).contains("\"id\":10", "processing");
        } finally {
            child.destroyForcibly();
        }
    }

    private static String slowCall(int id, int millis) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"slow\","
                + "\"arguments\":{\"name\":\"held\",\"millis\":" + millis + "}}}";
    }

    private static void say(OutputStream input, String line) throws IOException {
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    @Test
    void endsWhenItsInputDoes() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(StdioServer.command(type))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (OutputStream input = child.getOutputStream()) {
            input.write("""
                    {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
                    "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
                    {"jsonrpc":"2.0","method":"notifications/initialized"}
                    """.getBytes(StandardCharsets.UTF_8));
        }
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }
    }
}
