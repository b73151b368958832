package io.asyncmcp.autoconfigure.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.OperationContext;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.web.StreamableHttpEndpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** What the endpoint does on every stack: one JSON object or a stream, sessions that end, streams that go on. */
class EndpointIT {

    private static final String DISCOVER =
            "{\"jsonrpc\": \"2.0\", \"id\": 0, \"method\": \"server/discover\", \"params\": {\"_meta\": {"
                    + "\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
                    + " \"io.modelcontextprotocol/clientInfo\": {\"name\": \"test\", \"version\": \"1\"},"
                    + " \"io.modelcontextprotocol/clientCapabilities\": {}}}}";

    private static final String INITIALIZE =
            "{\"jsonrpc\": \"2.0\", \"id\": 0, \"method\": \"initialize\", \"params\": "
                    + "{\"protocolVersion\": \"2025-11-25\", \"capabilities\": {}, "
                    + "\"clientInfo\": {\"name\": \"test\", \"version\": \"1\"}}}";

    private static final Duration LONG = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();

    private TestServer server;

    private String session = "";

    static class Tools {

        private volatile CountDownLatch gate = new CountDownLatch(1);

        @AsyncTool(name = "quick", timeout = "10s")
        String quick() {
            return "done";
        }

        @AsyncTool(name = "promoted", timeout = "100ms")
        void promoted() throws InterruptedException {
            gate.await(20, TimeUnit.SECONDS);
        }

        private final Semaphore steps = new Semaphore(0);

        @AsyncTool(name = "stepwise", timeout = "100ms")
        String stepwise(OperationContext context) throws InterruptedException {
            for (int step = 1; step <= 3; step++) {
                steps.tryAcquire(20, TimeUnit.SECONDS);
                context.progress(step, 3.0, "step " + step);
            }
            return "all is said";
        }

        @AsyncTool(name = "silent", timeout = "20s")
        String silent() throws InterruptedException {
            gate.await(20, TimeUnit.SECONDS);
            return "nothing was said";
        }

        @AsyncTool(name = "talkative", timeout = "20s")
        String talkative(OperationContext context) throws InterruptedException {
            context.progress(1, 2.0, "first");
            gate.await(20, TimeUnit.SECONDS);
            return "all is said";
        }
    }

    private HttpResponse<String> discover() throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/mcp"))
                        .headers("Content-Type", "application/json", "Accept", "application/json, text/event-stream")
                        .headers("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "server/discover")
                        .POST(HttpRequest.BodyPublishers.ofString(DISCOVER))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void start(WebApplicationType web, String... properties) throws Exception {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("spring.ai.mcp.server.protocol=STREAMABLE");
        server = TestServer.start(web, Tools.class, all.toArray(String[]::new));
        HttpResponse<String> initialized = post(INITIALIZE);
        assertThat(initialized.statusCode()).isEqualTo(200);
        session = initialized.headers().firstValue("Mcp-Session-Id").orElseThrow();
        assertThat(post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}")
                        .statusCode())
                .isEqualTo(202);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.bean(Tools.class).gate.countDown();
            server.close();
        }
    }

    private HttpRequest.Builder request() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/mcp"))
                .timeout(LONG)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream");
        return session.isEmpty() ? builder : builder.header("Mcp-Session-Id", session);
    }

    private static String call(String tool) {
        return "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {\"name\": \"" + tool
                + "\", \"arguments\": {}, \"_meta\": {\"progressToken\": \"p\"}}}";
    }

    private HttpResponse<String> post(String body) throws Exception {
        return http.send(
                request().POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<InputStream> stream(HttpRequest request) throws Exception {
        return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    private HttpResponse<InputStream> streamed(String body) throws Exception {
        return stream(request().POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private HttpResponse<InputStream> resume(String lastEventId) throws Exception {
        return stream(request().header("Last-Event-ID", lastEventId).GET().build());
    }

    /** Reads events up to the one with a text, and returns the id of that. */
    private static String idOf(String text, InputStream body) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        String id = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                id = line.substring(3);
            }
            if (line.contains(text)) {
                return id;
            }
        }
        return "the stream ended without it";
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void whatComesSoonIsOneObject(WebApplicationType web) throws Exception {
        start(web);
        HttpResponse<String> response = post(call("quick"));
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body()).startsWith("{").contains("done");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void streamsAloneWhereThatIsWanted(WebApplicationType web) throws Exception {
        start(web, "async.mcp.http.response=stream");
        HttpResponse<String> response = post(call("quick"));
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.headers().firstValue("X-Accel-Buffering")).contains("no");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(response.body()).contains("id:1-1\n", "event:message\n", "done");

        HttpResponse<String> initialized = post(INITIALIZE);
        assertThat(initialized.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
        assertThat(initialized.headers().firstValue("Mcp-Session-Id")).isPresent();
        assertThat(initialized.body()).contains("event:message\n", "protocolVersion");
        HttpResponse<String> modern = discover();
        assertThat(modern.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        assertThat(modern.body()).contains("event:message\n", "supportedVersions");
        session = "no such session";
        HttpResponse<String> refused = post(call("quick"));
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void streamsAloneWithoutSessionsToo(WebApplicationType web) throws Exception {
        server = TestServer.start(
                web, Tools.class, "spring.ai.mcp.server.protocol=STATELESS", "async.mcp.http.response=stream");
        for (String message : List.of(INITIALIZE, call("quick"))) {
            HttpResponse<String> response = post(message);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/event-stream");
            assertThat(response.body()).contains("event:message\n", "\"jsonrpc\"");
        }
        assertThat(discover().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/event-stream");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void streamThatWasCutGoesOnWithTheResult(WebApplicationType web) throws Exception {
        start(web);
        HttpResponse<InputStream> cut = streamed(call("talkative"));
        String last = idOf("first", cut.body());
        assertThat(last).isEqualTo("1-1");
        cut.body().close();

        HttpResponse<InputStream> resumed = resume(last);
        assertThat(resumed.statusCode()).isEqualTo(200);
        server.bean(Tools.class).gate.countDown();
        assertThat(idOf("all is said", resumed.body())).isEqualTo("1-2");
    }

    @ParameterizedTest
    @CsvSource({
        "SERVLET, continue_operation",
        "SERVLET, tasks/result",
        "REACTIVE, continue_operation",
        "REACTIVE, tasks/result"
    })
    void whoComesBackForAResultMayLoseItsStream(WebApplicationType web, String by) throws Exception {
        start(web);
        boolean task = by.equals("tasks/result");
        String call = call("stepwise");
        String started = post(task ? call.replace("\"arguments\"", "\"task\": {}, \"arguments\"") : call)
                .body();
        String id = started.replaceAll("(?s).*\"(operation_id|taskId)\":\"([^\"]+)\".*", "$2");
        String wait = task
                ? "\"tasks/result\", \"params\": {\"taskId\": \"" + id + "\""
                : "\"tools/call\", \"params\": {\"name\": \"continue_operation\", \"arguments\": {\"operation_id\": \""
                        + id + "\", \"wait_time\": 20}";
        HttpResponse<InputStream> cut = streamed(
                "{\"jsonrpc\": \"2.0\", \"id\": 2, \"method\": " + wait + ", \"_meta\": {\"progressToken\": \"p\"}}}");
        Semaphore steps = server.bean(Tools.class).steps;
        steps.release();
        String last = idOf("step 1", cut.body());
        cut.body().close();

        HttpResponse<InputStream> resumed = resume(last);
        steps.release();
        String told = idOf("step 2", resumed.body());
        assertThat(told).as("told what happens from now on").isNotEqualTo(last);
        resumed.body().close();
        HttpResponse<InputStream> again = resume(told);
        steps.release();
        assertThat(idOf("all is said", again.body())).startsWith(last.split("-")[0] + "-");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void onlySoManyRequestsAreOpen(WebApplicationType web) throws Exception {
        start(web, "async.mcp.http.max-open-requests=4");
        List<HttpResponse<InputStream>> open = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            open.add(streamed(call("talkative")));
        }
        HttpResponse<String> refused = post(call("quick"));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.body()).contains("busy: this caller has as many requests and listening streams open");
        HttpResponse<String> modern = discover();
        assertThat(modern.statusCode()).isEqualTo(503);
        assertThat(modern.headers().firstValue("Retry-After")).isPresent();

        server.bean(Tools.class).gate.countDown();
        for (HttpResponse<InputStream> response : open) {
            response.body().readAllBytes();
        }
        await().untilAsserted(() -> assertThat(post(call("quick")).statusCode()).isEqualTo(200));
    }

    /** An empty stream would do too, but clients come back for one for ever. */
    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void streamThatIsNoLongerThereIsGone(WebApplicationType web) throws Exception {
        start(web);
        HttpResponse<InputStream> response = resume("77-1");
        assertThat(response.statusCode()).isEqualTo(410);
        assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("Send the request again");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void streamThatIsCutBeforeItsFirstEventCanBeTakenUp(WebApplicationType web) throws Exception {
        start(web);
        HttpResponse<InputStream> cut = streamed(call("silent"));
        String primed = idOf("data:", cut.body());
        assertThat(primed).isEqualTo("1-0");
        cut.body().close();

        HttpResponse<InputStream> resumed = resume(primed);
        server.bean(Tools.class).gate.countDown();
        assertThat(idOf("nothing was said", resumed.body())).isEqualTo("1-1");
    }

    /** It takes an event without data for a broken message. */
    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void clientOfAnEarlierVersionGetsMessagesAlone(WebApplicationType web) throws Exception {
        start(web);
        session = "";
        session = post(INITIALIZE.replace("2025-11-25", "2025-06-18"))
                .headers()
                .firstValue("Mcp-Session-Id")
                .orElseThrow();
        post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
        HttpResponse<InputStream> response = streamed(call("silent"));
        server.bean(Tools.class).gate.countDown();
        assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("id:1-1\n", "nothing was said")
                .doesNotContain("id:1-0");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void clientListensAgainWhereItsStreamWasCut(WebApplicationType web) throws Exception {
        start(web);
        StreamableHttpEndpoint endpoint = server.bean(StreamableHttpEndpoint.class);
        HttpResponse<InputStream> listening = stream(request().GET().build());
        endpoint.notifyClients("notifications/tools/list_changed", Map.of()).block();
        String last = idOf("list_changed", listening.body());
        assertThat(last).isEqualTo("L1-1");
        listening.body().close();

        HttpResponse<InputStream> again = resume(last);
        endpoint.notifyClients("notifications/prompts/list_changed", Map.of()).block();
        assertThat(idOf("prompts/list_changed", again.body())).isEqualTo("L1-2");
        again.body().close();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void sessionsMakeRoomForOthers(WebApplicationType web) throws Exception {
        start(web, "async.mcp.http.max-sessions=4");
        String first = session;
        session = "";
        post(INITIALIZE);
        post(INITIALIZE);
        assertThat(server.bean(StreamableHttpEndpoint.class).sessions())
                .as("one caller has half of them")
                .isEqualTo(2);
        session = first;
        assertThat(post(call("quick")).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void idleSessionsEndUnlessAnOperationIsReachedByThemAlone(WebApplicationType web) throws Exception {
        start(web, "async.mcp.http.session-idle-timeout=1s");
        String idle = session;
        session = "";
        session = post(INITIALIZE).headers().firstValue("Mcp-Session-Id").orElseThrow();
        post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
        assertThat(post(call("promoted")).body()).contains("operation_id");
        await().atMost(LONG)
                .until(() -> server.bean(StreamableHttpEndpoint.class).sessions() == 1);
        assertThat(post(call("quick")).statusCode()).isEqualTo(200);
        session = idle;
        assertThat(post(call("quick")).statusCode()).isEqualTo(404);
    }
}
