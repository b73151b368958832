package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.id;
import static io.asyncmcp.autoconfigure.badinput.RawClient.operationId;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.OperationContext;
import io.asyncmcp.OperationQuery;
import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.CancelOn;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** What becomes of an operation whose client goes away. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DisconnectIT {

    private static final int CLIENTS = 40;

    @Parameter
    WebApplicationType web;

    private TestServer server;

    private RawClient client;

    private GatedTools gate;

    private AsyncExecutor executor;

    static class Tools {

        @Bean
        GatedTools gatedTools() {
            return new GatedTools();
        }
    }

    static class GatedTools {

        private final AtomicInteger started = new AtomicInteger();

        private final AtomicInteger finished = new AtomicInteger();

        private volatile CountDownLatch gate = new CountDownLatch(1);

        private void reset() {
            started.set(0);
            finished.set(0);
            gate = new CountDownLatch(1);
        }

        @AsyncTool(name = "waited_for", timeout = "15s")
        String waitedFor(OperationContext context) throws InterruptedException {
            return run(context);
        }

        @AsyncTool(name = "promoted", timeout = "200ms")
        String promoted(OperationContext context) throws InterruptedException {
            return run(context);
        }

        @AsyncTool(name = "stopped_by_disconnect", timeout = "15s", cancelOn = CancelOn.DISCONNECT)
        String stoppedByDisconnect(OperationContext context) throws InterruptedException {
            return run(context);
        }

        @AsyncTool(name = "stopped_by_request", timeout = "15s", cancelOn = CancelOn.REQUEST)
        String stoppedByRequest(OperationContext context) throws InterruptedException {
            return run(context);
        }

        @AsyncTool(name = "promoted_and_stopped", timeout = "200ms", cancelOn = CancelOn.DISCONNECT)
        String promotedAndStopped(OperationContext context) throws InterruptedException {
            return run(context);
        }

        /** Writes nothing while it waits, so that only the reply can show who is still there. */
        @AsyncTool(name = "silent", timeout = "15s")
        String silent(String what) throws InterruptedException {
            started.incrementAndGet();
            gate.await(30, TimeUnit.SECONDS);
            finished.incrementAndGet();
            return what + " is finished";
        }

        private String run(OperationContext context) throws InterruptedException {
            started.incrementAndGet();
            CountDownLatch until = gate;
            for (int i = 0; i < 600 && !until.await(50, TimeUnit.MILLISECONDS); i++) {
                // Progress is written to the client for as long as it waits, and to nobody when it is gone.
                context.progress(i, null, "still at it");
            }
            finished.incrementAndGet();
            return "finished";
        }
    }

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        server = TestServer.start(
                web,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.io.modelcontextprotocol=off",
                "logging.level.reactor=off");
        client = new RawClient(server).initialized();
        gate = server.bean(GatedTools.class);
        executor = server.bean(AsyncExecutor.class);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    @BeforeEach
    void closeTheGate() {
        gate.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        gate.gate.countDown();
        Idle.await(executor);
    }

    private Socket send(String tool, Map<String, Object> arguments) throws IOException {
        String body = RawClient.json(Map.of(
                "jsonrpc",
                "2.0",
                "id",
                1,
                "method",
                "tools/call",
                "params",
                Map.of("name", tool, "arguments", arguments, "_meta", Map.of("progressToken", "p"))));
        String head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n"
                + "Content-Type: application/json\r\nMcp-Session-Id: " + client.sessionId() + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n";
        Socket socket = new Socket("localhost", server.port());
        socket.setSoTimeout(10_000);
        // Closing resets the connection, as a process that dies does.
        socket.setSoLinger(true, 0);
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return socket;
    }

    private static void readUntil(Socket socket, String expected) throws IOException {
        StringBuilder seen = new StringBuilder();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4096];
        while (seen.indexOf(expected) < 0) {
            int count = in.read(buffer);
            assertThat(count).as(seen.toString()).isPositive();
            seen.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
    }

    private void awaitStarted(int count) {
        await().atMost(Duration.ofSeconds(10)).untilAtomic(gate.started, org.hamcrest.Matchers.is(count));
    }

    private void awaitKept(String tool) {
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        executor.operations(OperationQuery.ALL.withType(tool)).size() == 1);
    }

    private void awaitFinished(int count) {
        await().atMost(Duration.ofSeconds(10)).untilAtomic(gate.finished, org.hamcrest.Matchers.is(count));
    }

    @Test
    void clientsThatLeaveRightAfterTheRequest() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            send("waited_for", Map.of()).close();
        }
        // A request that was reset before it was read never happened; whatever was started is finished.
        assertThat(text(client.call("continue_operation", id("0".repeat(26))))).contains("No operation is known");
        gate.gate.countDown();
        Idle.await(executor);
        assertThat(gate.finished.get()).isEqualTo(gate.started.get());
    }

    @Test
    void clientsThatLeaveWhileTheyWait() throws Exception {
        Socket[] sockets = new Socket[CLIENTS];
        for (int i = 0; i < CLIENTS; i++) {
            sockets[i] = send("waited_for", Map.of());
        }
        awaitStarted(CLIENTS);
        for (Socket socket : sockets) {
            readUntil(socket, "still at it");
            socket.close();
        }
        gate.gate.countDown();
        awaitFinished(CLIENTS);
        Idle.await(executor);
    }

    @Test
    void clientThatLeavesRightAfterPromotion() throws Exception {
        Socket socket = send("promoted", Map.of());
        awaitStarted(1);
        readUntil(socket, "operation_id");
        socket.close();
        gate.gate.countDown();
        awaitFinished(1);
    }

    @Test
    void clientThatLeavesStopsWhatItStartedIfTheToolSaysSo() throws Exception {
        try (Socket socket = send("stopped_by_disconnect", Map.of())) {
            awaitStarted(1);
            readUntil(socket, "still at it");
        }
        Idle.await(executor);
        assertThat(gate.finished.get()).isZero();
    }

    @Test
    void clientThatCancelsStopsWhatItStartedIfTheToolSaysSo() throws Exception {
        try (Socket socket = send("stopped_by_request", Map.of())) {
            awaitStarted(1);
            cancelRequest();
            Idle.await(executor);
        }
        assertThat(gate.finished.get()).isZero();
    }

    @Test
    void clientThatIsLostIsNoClientThatCancels() throws Exception {
        try (Socket socket = send("stopped_by_request", Map.of())) {
            awaitStarted(1);
            readUntil(socket, "still at it");
        }
        awaitKept("stopped_by_request");
        gate.gate.countDown();
        assertThat(text(client.call("stopped_by_request", "{}"))).isEqualTo("finished");
        assertThat(gate.started.get()).isEqualTo(1);
    }

    @Test
    void handleThatWentOutKeepsTheOperation() throws Exception {
        try (Socket socket = send("promoted_and_stopped", Map.of())) {
            readUntil(socket, "operation_id");
            cancelRequest();
        }
        gate.gate.countDown();
        awaitFinished(1);
    }

    private void cancelRequest() throws Exception {
        client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": {\"requestId\": 1}}");
    }

    @Test
    void replyThatCouldNotBeWrittenIsGivenToTheSameCall() throws Exception {
        Socket socket = send("silent", Map.of("what", "page"));
        awaitStarted(1);
        socket.close();
        if (web == WebApplicationType.REACTIVE) {
            // Noticed at once; and an operation that will end in time is kept only if its reply reaches nobody.
            awaitKept("silent");
        }
        // Another round trip: the reset has arrived by then.
        assertThat(text(client.call("continue_operation", id("0".repeat(26))))).contains("No operation is known");
        gate.gate.countDown();
        awaitKept("silent");

        JsonNode again = client.call("silent", RawClient.json(Map.of("what", "page")));
        assertThat(text(again)).contains("page is finished");
        assertThat(gate.started.get()).isEqualTo(1);
    }

    @Test
    void handleOutlivesTheConnectionThatItWasFetchedOn() throws Exception {
        String id = operationId(client.call("promoted", "{}"));
        for (int i = 0; i < CLIENTS; i++) {
            Socket socket = send("continue_operation", Map.of("operation_id", id, "wait_time", 15));
            if (i % 2 == 0) {
                readUntil(socket, "still at it");
            }
            socket.close();
        }
        gate.gate.countDown();
        JsonNode result = client.call("continue_operation", id(id));
        assertThat(text(result)).isEqualTo("finished");
        assertThat(gate.finished.get()).isEqualTo(1);
    }

    @Test
    void requestThatIsCutOffInItsBody() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            Socket socket = new Socket("localhost", server.port());
            socket.setSoLinger(true, 0);
            socket.getOutputStream()
                    .write(("POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"jsonrpc\":")
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            socket.close();
        }
        assertThat(text(client.call("continue_operation", id("0".repeat(26))))).contains("No operation is known");
        assertThat(gate.started.get()).isZero();
    }
}
