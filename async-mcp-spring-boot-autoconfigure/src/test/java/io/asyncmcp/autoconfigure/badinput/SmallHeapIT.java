package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.JSON;
import static io.asyncmcp.autoconfigure.badinput.RawClient.isError;
import static io.asyncmcp.autoconfigure.badinput.RawClient.json;
import static io.asyncmcp.autoconfigure.badinput.RawClient.operationId;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * One caller without a name sends in each way more than the server's heap can hold. The server, which ends at the first
 * OutOfMemoryError, serves another caller, from another address, all the while.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SmallHeapIT {

    private static final String META = "\"_meta\": {\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
            + " \"io.modelcontextprotocol/clientInfo\": {\"name\": \"attacker\", \"version\": \"1\"},"
            + " \"io.modelcontextprotocol/clientCapabilities\": {\"elicitation\": {}}}";

    private static final String LARGE = "x".repeat(900_000);

    private Process process;

    private int port;

    private RawClient attacker;

    private RawClient other;

    private String mine;

    @BeforeAll
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void start() throws Exception {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeapServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.startsWith("port ")) {
            line = output.readLine();
        }
        assertThat(line).as("the port").isNotNull();
        port = Integer.parseInt(line.substring("port ".length()));
        attacker = new RawClient(port);
        other = new RawClient(port).from("192.0.2.1").initialized();
        mine = started(other.call("talk", "{}"));
    }

    @AfterAll
    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    private JsonNode attack(String tool, Map<String, Object> arguments, String more) throws Exception {
        return message(attacker.post(
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {\"name\": \"" + tool
                        + "\", \"arguments\": " + json(arguments) + ", " + more + META + "}}",
                "MCP-Protocol-Version",
                "2026-07-28",
                "Mcp-Method",
                "tools/call",
                "Mcp-Name",
                tool));
    }

    private static JsonNode message(HttpResponse<String> response) {
        String body = response.body();
        return JSON.readTree(body.lines()
                .filter(line -> line.startsWith("data:"))
                .reduce((first, last) -> last)
                .map(line -> line.substring("data:".length()))
                .orElse(body));
    }

    private JsonNode attack(String tool) throws Exception {
        return attack(tool, Map.of(), "");
    }

    /** Another caller gets what it asks for, and what it had started before. */
    private void assertOtherIsServed() throws Exception {
        assertThat(process.isAlive()).as("the server").isTrue();
        assertThat(text(other.call("echo", "{\"text\": \"hello\"}"))).contains("hello");
        assertThat(text(other.call("continue_operation", RawClient.id(mine))))
                .contains(mine)
                .hasSizeGreaterThan(100_000);
    }

    @Test
    @Order(1)
    void answersToQuestions() throws Exception {
        for (int i = 0; i < 200; i++) {
            JsonNode asked = attack("ask").path("result");
            assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
            Map<String, Object> answer = Map.of("action", "accept", "content", Map.of("text", LARGE));
            JsonNode end = attack(
                    "ask",
                    Map.of(),
                    "\"requestState\": " + json(asked.path("requestState").asString()) + ", \"inputResponses\": "
                            + json(Map.of("which", answer)) + ", ");
            assertThat(text(end)).contains("heard 900");
        }
        assertOtherIsServed();
    }

    @Test
    @Order(2)
    void answerThatIsTooLarge() throws Exception {
        JsonNode asked = attack("ask").path("result");
        Map<String, Object> answer = Map.of("action", "accept", "content", Map.of("text", "x".repeat(1_060_000)));
        JsonNode refused = attack(
                "ask",
                Map.of(),
                "\"requestState\": " + json(asked.path("requestState").asString()) + ", \"inputResponses\": "
                        + json(Map.of("which", answer)) + ", ");
        assertThat(refused.path("error").path("message").asString()).contains("must not exceed 1048576 bytes");
    }

    @Test
    @Order(3)
    void failuresWithAllTheyHaveSeen() throws Exception {
        for (int i = 0; i < 500; i++) {
            assertThat(attack("fail").has("result")).isTrue();
        }
        assertOtherIsServed();
    }

    @Test
    @Order(4)
    void resultsAndProgress() throws Exception {
        for (int i = 0; i < 500; i++) {
            assertThat(attack("talk").has("result")).isTrue();
        }
        assertOtherIsServed();
    }

    @Test
    @Order(5)
    void questionsThatNobodyAnswers() throws Exception {
        for (int i = 0; i < 20 * SmallHeapServer.RUNNING; i++) {
            assertThat(attack("ask").path("result").path("resultType").asString())
                    .isEqualTo("input_required");
        }
        assertOtherIsServed();
    }

    @Test
    @Order(6)
    void callsThatWaitForTheirTurn() throws Exception {
        List<String> admitted = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 200 && refused < 20; i++) {
            JsonNode answer = attack("hold", new LinkedHashMap<>(Map.of("text", LARGE)), "");
            if (isError(answer)) {
                assertThat(text(answer)).contains("busy: with this call this caller would take up more than");
                refused++;
            } else {
                admitted.add(operationId(answer));
            }
        }
        assertThat(refused).isEqualTo(20);
        assertThat(admitted).hasSizeBetween(SmallHeapServer.RUNNING, 20);
        // All places are taken; another caller gets a turn all the same.
        String queued = operationId(other.call("talk", "{}"));
        open();
        assertThat(text(other.call("continue_operation", json(Map.of("operation_id", queued, "wait_time", 15)))))
                .contains(queued)
                .hasSizeGreaterThan(100_000);
        assertOtherIsServed();
    }

    /** They are kept until there is a place to hear them. */
    @Test
    @Order(7)
    void answersOfOperationsThatWaitForTheirTurn() throws Exception {
        List<String> states = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            states.add(attack("ask_shortly").path("result").path("requestState").asString());
        }
        for (int i = 0; i < SmallHeapServer.RUNNING; i++) {
            assertThat(operationId(attack("hold", Map.of("text", "x"), ""))).isNotEmpty();
        }
        // A megabyte each, once it is read.
        List<Object> dense = Collections.nCopies(16_000, Map.of());
        int refused = 0;
        for (String state : states) {
            JsonNode answer = attack(
                    "ask_shortly",
                    Map.of(),
                    "\"requestState\": " + json(state) + ", \"inputResponses\": "
                            + json(Map.of("which", Map.of("action", "decline", "content", Map.of("x", dense))))
                            + ", ");
            if (answer.has("error")) {
                assertThat(answer.path("error").path("message").asString())
                        .contains("busy: with this answer this caller would take up more than");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
        open();
        assertOtherIsServed();
    }

    @Test
    @Order(8)
    void whatRequestsSayBesideTheirArguments() throws Exception {
        String heavy = "[" + "{\"a\":1},".repeat(50_000) + "0]";
        for (int i = 0; i < 5; i++) {
            JsonNode refused = attack("echo", Map.of("text", "x"), "\"unknown\": " + heavy + ", ");
            assertThat(refused.path("error").path("code").asInt()).isEqualTo(-32602);
            HttpResponse<String> listen = attacker.post(
                    "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"subscriptions/listen\", \"params\": {"
                            + "\"notifications\": {\"toolsListChanged\": true}, \"arguments\": " + heavy + ", " + META
                            + "}}",
                    "MCP-Protocol-Version",
                    "2026-07-28",
                    "Mcp-Method",
                    "subscriptions/listen");
            assertThat(message(listen).path("error").path("code").asInt()).isEqualTo(-32602);
            HttpResponse<String> session = attacker.post(RawClient.INITIALIZE.replace(
                    "\"capabilities\": {", "\"capabilities\": {\"experimental\": {\"x\": {\"y\": " + heavy + "}}"));
            assertThat(session.statusCode()).isEqualTo(400);
        }
        assertOtherIsServed();
    }

    @Test
    @Order(9)
    void argumentsThatDoNotFitTheirSchema() throws Exception {
        for (int i = 0; i < 10; i++) {
            JsonNode refused =
                    attack("sum", Map.of("numbers", Collections.nCopies(60_000, "x"), "n".repeat(500), "y"), "");
            assertThat(isError(refused)).isTrue();
            assertThat(text(refused)).contains("/numbers/0").hasSizeLessThan(3_000);
        }
        assertOtherIsServed();
    }

    /** The client says how long they are kept. */
    @Test
    @Order(10)
    void tasksThatAreKeptForLong() throws Exception {
        String session = attacker.post(RawClient.INITIALIZE.replace("2025-06-18", "2025-11-25"))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
        attacker.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}", "Mcp-Session-Id", session);
        for (int i = 0; i < 600; i++) {
            String tool = i % 2 == 0 ? "talk" : "fail";
            HttpResponse<String> task = attacker.post(
                    "{\"jsonrpc\": \"2.0\", \"id\": " + i + ", \"method\": \"tools/call\", \"params\": {\"name\": \""
                            + tool + "\", \"arguments\": {}, \"task\": {\"ttl\": 86400000}}}",
                    "Mcp-Session-Id",
                    session);
            assertThat(task.body()).contains("taskId");
        }
        assertOtherIsServed();
    }

    /** As many bytes as one caller may have on their way: half of what all may. */
    @Test
    @Order(11)
    void bodiesAtTheSameTime() throws Exception {
        RawClient sender = new RawClient(port).initialized();
        RawClient another = new RawClient(port).from("192.0.2.3").initialized();
        // Ten megabytes, once it is read.
        String heavy = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": {\"_meta\": {\"x\": ["
                + "{},".repeat(100_000) + "0]}}}";
        assertThat(sender.post(heavy).statusCode()).as("by itself").isEqualTo(200);
        List<Socket> unfinished = new ArrayList<>();
        try {
            sendHalf(unfinished, "");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> sender.post(heavy).statusCode() == 429);
            assertOtherIsServed();
            assertThat(another.post(heavy).statusCode()).as("of another caller").isEqualTo(200);
            sendHalf(unfinished, "X-Forwarded-For: 192.0.2.4\r\n");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> another.post(heavy).statusCode() == 503);
            assertOtherIsServed();
        } finally {
            for (Socket socket : unfinished) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> sender.post(heavy).statusCode() == 200);
    }

    /** Bodies that do not come to their end, of half of the memory that there is for bodies. */
    private void sendHalf(List<Socket> unfinished, String header) throws IOException {
        byte[] body = "x".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 17; i++) {
            Socket socket = new Socket("localhost", port);
            unfinished.add(socket);
            OutputStream out = socket.getOutputStream();
            out.write(("POST /mcp HTTP/1.1\r\nHost: localhost\r\n" + header
                            + "Content-Type: application/json\r\nContent-Length: " + (body.length + 1) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        }
    }

    @Test
    @Order(12)
    void sessionsOfClientsThatSayMuchOfThemselves() throws Exception {
        RawClient sender = new RawClient(port);
        String much = RawClient.INITIALIZE.replace(
                "\"capabilities\": {}",
                "\"capabilities\": {\"experimental\": {\"x\": \"" + "x".repeat(14_000) + "\"}}");
        for (int i = 0; i < 2_500; i++) {
            assertThat(sender.post(much).statusCode()).isEqualTo(200);
        }
        assertOtherIsServed();
        assertThat(sender.post(much.replace("xxxx", "xxxxxxxx")).statusCode()).isEqualTo(400);
    }

    /** Their streams are kept for a while, for clients that have lost the response on its way. */
    @Test
    @Order(13)
    void callsWhoseResponsesWereWritten() throws Exception {
        RawClient sender = new RawClient(port).initialized();
        for (int i = 0; i < 200; i++) {
            String answer = sender.post("{\"jsonrpc\": \"2.0\", \"id\": " + i
                            + ", \"method\": \"tools/call\", \"params\": {\"name\": \"read\","
                            + " \"arguments\": {\"text\": \"" + LARGE + "\"}, \"_meta\": {\"progressToken\": 1}}}")
                    .body();
            assertThat(answer).contains("notifications/progress", "read 900000");
        }
        assertOtherIsServed();
    }

    @Test
    @Order(14)
    void bodiesThatAreParsedAtTheSameTime() throws Exception {
        String heavy = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": {\"x\": ["
                + "{},".repeat(120_000) + "0]}}";
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> statuses = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                statuses.add(threads.submit(() -> attacker.post(heavy).statusCode()));
            }
            do {
                assertOtherIsServed();
            } while (!statuses.stream().allMatch(Future::isDone));
            for (Future<Integer> status : statuses) {
                // Read, in no session, or refused for what else is read.
                assertThat(status.get()).isIn(400, 429);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The id, which the result says too if it is quicker than the handle. */
    private static String started(JsonNode answer) {
        String id = operationId(answer);
        return id.isEmpty() ? text(answer).split(" ")[0].replace("\"", "") : id;
    }

    private void open() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }
}
