package io.asyncmcp.autoconfigure.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.Operation;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.OperationStatus;
import io.asyncmcp.autoconfigure.owner.Users;
import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.Caller.Reply;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.question.Question;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Whatever happens to calls, nothing of them is in the log, in a meter or in what somebody else is told. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscretionIT {

    /** Part of every argument, result and answer. */
    private static final String MARKER = "zebra-marker";

    private static final Map<String, Object> ARGUMENTS = Map.of("text", MARKER);

    @Parameter
    WebApplicationType web;

    private final List<String> log = new CopyOnWriteArrayList<>();

    private TestServer server;

    static class TalkativeTools {

        @AsyncTool(name = "echo", timeout = "5s")
        String echo(String text) {
            return "back: " + text;
        }

        @AsyncTool(name = "handed_out", timeout = "0s")
        String handedOut(String text) {
            return "back: " + text;
        }

        @AsyncTool(name = "failing", timeout = "5s")
        String failing(String text) {
            throw new IllegalArgumentException("bad: " + text);
        }

        @AsyncTool(name = "counting", timeout = "5s")
        String counting(int number) {
            return "counted " + number;
        }

        @AsyncTool(name = "endless", timeout = "0s")
        String endless(String text, OperationContext context) throws InterruptedException {
            context.progress(1, 2.0, text);
            new CountDownLatch(1).await();
            return text;
        }

        @AsyncTool(name = "asking", timeout = "5s")
        CompletionStage<String> asking(String text, OperationContext context) {
            return context.requestInput(
                            "elicitation/create",
                            Map.of(
                                    "message",
                                    text,
                                    "requestedSchema",
                                    Map.of(
                                            "type",
                                            "object",
                                            "additionalProperties",
                                            false,
                                            "properties",
                                            Map.of("pick", Map.of("enum", List.of("one", "two"))))))
                    .thenApply(answer -> text + answer);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(VaultTools.Config.class)
    static class Tools {

        @Bean
        TalkativeTools talkativeTools() {
            return new TalkativeTools();
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                Tools.class,
                Users.withNamedStrangers(web),
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.root=info",
                "logging.level.io.asyncmcp=debug",
                // At DEBUG it is the one logger that shows what tools throw as it is.
                "logging.level.io.asyncmcp.server.tool.FailureLog=info",
                "async.mcp.limits.max-argument-size=1KB",
                "async.mcp.cancel-tool.enabled=true",
                "async.mcp.list-tool.enabled=true");
        log.clear();
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                IThrowableProxy thrown = event.getThrowableProxy();
                log.add(event.getLoggerName() + ": " + event.getFormattedMessage() + " " + event.getMDCPropertyMap()
                        + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown)));
            }
        };
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        assertThat(context.getLogger("io.asyncmcp").getLevel()).isEqualTo(Level.DEBUG);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @Test
    void nothingOfACallIsLoggedMeasuredOrToldToOthers() {
        AsyncExecutor executor = server.bean(AsyncExecutor.class);
        Caller alice = new Caller(server, "alice").inSession();
        Map<String, Object> misfit = Map.of("action", "accept", "content", Map.of("pick", MARKER, MARKER, 1));
        List<Reply> hers = new ArrayList<>();
        for (String tool : List.of("echo", "handed_out", "failing", "endless")) {
            hers.add(alice.legacyCall(tool, ARGUMENTS));
            hers.add(alice.modernCall(tool, ARGUMENTS));
            hers.add(alice.legacy("tools/call", Map.of("name", tool, "arguments", ARGUMENTS, "task", Map.of())));
            hers.add(alice.modern(true, "tools/call", Map.of("name", tool, "arguments", ARGUMENTS)));
        }
        // Refused: of the wrong type, too large, unknown, and not even JSON.
        alice.legacyCall("counting", Map.of("number", MARKER));
        alice.modernCall("counting", Map.of("number", MARKER));
        alice.legacyCall("echo", Map.of("text", MARKER.repeat(1000)));
        alice.legacyCall(MARKER, ARGUMENTS);
        alice.legacy("tools/call", Map.of("name", List.of(MARKER), "arguments", MARKER));
        alice.raw("{\"jsonrpc\": \"2.0\", \"id\": 7, \"" + MARKER, List.of(), true)
                .join();
        alice.raw("[\"" + MARKER + "\"]", List.of(), true).join();
        // Asked, and answered with what does not fit, in both ways.
        Reply asked = alice.modernCall("asking", ARGUMENTS);
        assertThat(asked.body()).contains(MARKER);
        alice.modern(
                false,
                "tools/call",
                Map.of(
                        "name",
                        "asking",
                        "arguments",
                        ARGUMENTS,
                        "inputResponses",
                        Map.of(VaultTools.KEY, misfit),
                        "requestState",
                        asked.result().path("requestState").asString()));
        String asking = executor.operations(OperationQuery.ALL).stream()
                .filter(operation -> operation.status() == OperationStatus.INPUT_REQUIRED)
                .findFirst()
                .orElseThrow()
                .requireId();
        alice.answer(Question.requestId(asking, VaultTools.KEY), misfit);
        alice.answer(Question.requestId(asking, VaultTools.KEY), MARKER);
        alice.modern(true, "tasks/update", Map.of("taskId", asking, "inputResponses", Map.of(VaultTools.KEY, misfit)));
        List<String> ids = executor.operations(OperationQuery.ALL).stream()
                .map(Operation::requireId)
                .toList();
        List<Reply> others = new ArrayList<>();
        for (String id : ids) {
            Caller bob = new Caller(server, "bob").inSession();
            others.add(bob.legacyCall("continue_operation", Map.of("operation_id", id, "wait_time", 0)));
            others.add(bob.legacy("tasks/get", Map.of("taskId", id)));
            others.add(bob.modern(true, "tasks/get", Map.of("taskId", id)));
            others.add(bob.legacyCall("list_operations", Map.of()));
            others.add(bob.legacy("tasks/list", Map.of()));
            alice.legacyCall("cancel_operation", Map.of("operation_id", id));
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(executor.operations(OperationQuery.ALL))
                        .allMatch(operation -> operation.status().isTerminal()));

        assertThat(hers).anySatisfy(reply -> assertThat(reply.body()).contains("back: " + MARKER));
        List<String> secrets = new ArrayList<>(ids);
        secrets.addAll(List.of(MARKER, "alice", alice.session()));
        assertThat(log).as("something of ours at DEBUG").anyMatch(line -> line.startsWith("io.asyncmcp"));
        assertThat(log).allSatisfy(line -> assertThat(line).doesNotContain(secrets));
        assertThat(log)
                .as("each of the four calls of a tool that throws")
                .filteredOn(line -> line.contains("Tool failing failed"))
                .hasSize(4)
                .allMatch(line -> line.contains("IllegalArgumentException at " + TalkativeTools.class.getName()));
        assertThat(others).allSatisfy(reply -> assertThat(reply.body()).doesNotContain(MARKER, "alice"));
        assertThat(server.bean(MeterRegistry.class).getMeters().stream()
                        .filter(meter -> meter.getId().getName().startsWith("async.mcp")))
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().toString()).doesNotContain(secrets));
    }

    @Test
    void clientsFillNoLogAtWill() {
        Caller mallory = new Caller(server, "bob");
        List<Map<String, Object>> empty = Collections.nCopies(500, Map.of());
        Map<String, Object> info = Map.of("name", "mallory", "version", "1", "icons", empty);
        Reply refused = mallory.legacy(
                "initialize", Map.of("protocolVersion", "2025-11-25", "capabilities", Map.of(), "clientInfo", info));
        assertThat(refused.body()).contains("-32602");
        mallory.inSession();
        for (String uri : List.of("", " ")) {
            mallory.legacy(
                    "completion/complete",
                    Map.of(
                            "ref",
                            Map.of("type", "ref/resource", "uri", uri),
                            "argument",
                            Map.of("name", "a", "value", "b")));
        }
        mallory.answer("a".repeat(5_000), Map.of());

        assertThat(log).noneMatch(line -> line.contains("missing required field"));
        assertThat(log).noneMatch(line -> line.contains("URI template"));
        assertThat(log).allMatch(line -> line.length() < 20_000);
    }

    @Test
    void clientsWriteNoLinesOfTheirOwnIntoTheLog() {
        String forged = "x\n2026-01-01 ERROR FORGED";
        Caller mallory = new Caller(server, "bob");
        mallory.legacy(
                "initialize",
                Map.of(
                        "protocolVersion",
                        forged,
                        "capabilities",
                        Map.of("experimental", Map.of(forged, Map.of(forged, forged))),
                        "clientInfo",
                        Map.of("name", forged, "version", forged)));
        mallory.legacy(
                "initialize",
                Map.of(
                        "protocolVersion",
                        "2025-11-25",
                        "capabilities",
                        Map.of("roots", Map.of("listChanged", forged)),
                        "clientInfo",
                        Map.of("name", "mallory", "version", "1")));
        mallory.inSession();
        mallory.answerWithError("1", Map.of("code", forged, "message", "m"));
        mallory.legacyNotification("notifications/" + forged, Map.of(forged, forged));
        mallory.legacyNotification("notifications/unknown", Map.of(forged, forged));
        mallory.legacyNotification("notifications/initialized", Map.of("_meta", Map.of(forged, forged)));
        mallory.legacy(forged, Map.of(forged, forged));
        mallory.legacyCall(forged, Map.of());
        mallory.legacyCall("echo", Map.of("text", "a", forged, forged));
        mallory.answer(forged, Map.of());
        mallory.modernCall("echo", Map.of("text", "a", forged, forged));
        for (String begin : List.of("\"x\": 1", "\"x\": {\"method\": \"m\"}", "\"jsonrpc\": \"2.0\", \"id\": 1")) {
            Reply refused = mallory.raw("{" + begin + ",\n\"FORGED ALONE\": 2}", List.of(), true)
                    .join();
            assertThat(refused.status()).isEqualTo(400);
        }

        assertThat(log).noneMatch(line -> line.contains("\n2026-01-01 ERROR FORGED"));
        assertThat(log).as("what is no message").noneMatch(line -> line.contains("FORGED ALONE"));
        assertThat(log).as("the SDK's word on a client").anyMatch(line -> line.contains("ERROR FORGED"));
    }

    /** Spring Security's firewall refuses them on WebMVC, but not before somebody asks for them. */
    @ParameterizedTest
    @CsvSource({
        "2025-11-25, Mcp-Session-Id",
        "2025-11-25, Accept",
        "2025-11-25, Last-Event-ID",
        "2026-07-28, Mcp-Name",
        "2026-07-28, Mcp-Method",
        "2026-07-28, MCP-Protocol-Version",
        "2026-07-28, Content-Type",
        "2026-07-28, Origin"
    })
    void headersThatCannotBeReadAreRefused(String version, String header) throws IOException {
        String body = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {\"name\": \"echo\","
                + " \"arguments\": {\"text\": \"a\"}, \"_meta\": {\"io.modelcontextprotocol/protocolVersion\":"
                + " \"2026-07-28\", \"io.modelcontextprotocol/clientCapabilities\": {}}}}";
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Host", "localhost:" + server.port());
        headers.put("Authorization", Users.credentials("bob"));
        headers.put("Accept", "application/json, text/event-stream");
        headers.put("Content-Type", "application/json");
        headers.put("MCP-Protocol-Version", version);
        headers.put("Mcp-Method", "tools/call");
        headers.put("Mcp-Name", "echo");
        headers.put("Content-Length", String.valueOf(body.length()));
        headers.put("Connection", "close");
        headers.put(header, "ab\u0085FORGED ALONE");
        boolean listens = header.equals("Last-Event-ID");
        StringBuilder request = new StringBuilder(listens ? "GET" : "POST").append(" /mcp HTTP/1.1\r\n");
        headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
        request.append("\r\n").append(listens ? "" : body);
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 4");
        }
        assertThat(log).noneMatch(line -> line.contains("FORGED ALONE") || line.contains("a reason of ours"));
    }
}
