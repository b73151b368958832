package io.asyncmcp.autoconfigure.patience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.asyncmcp.autoconfigure.transport.Caller;
import io.asyncmcp.autoconfigure.transport.TestServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/**
 * Clients that close their connections in good order. A server that does not notice keeps its end of each in CLOSE-WAIT, and a
 * file descriptor with it.
 */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class ClosedConnectionsIT {

    private static final int CLIENTS = 4;

    /** Long before the tool would have been promoted, which ends a connection too. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private static final String META = "\"_meta\": {\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\","
            + " \"io.modelcontextprotocol/clientInfo\": {\"name\": \"caller\", \"version\": \"1\"},"
            + " \"io.modelcontextprotocol/clientCapabilities\": {}}, ";

    @Parameter
    WebApplicationType web;

    private final List<Client> clients = new ArrayList<>();

    private TestServer server;

    private PatienceIT.SilentTools tools;

    private String session;

    @BeforeParameterizedClassInvocation
    void start() {
        assumeThat(TABLES.get(0)).exists();
        server = TestServer.start(
                web,
                PatienceIT.Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.heartbeat-interval=250ms",
                // An answer must not be what ends a connection.
                "async.mcp.wait-budgets[0].client=caller",
                "async.mcp.wait-budgets[0].budget=50s",
                "async.mcp.max-wait=50s",
                "logging.level.io.modelcontextprotocol=off",
                "logging.level.reactor=off");
        tools = server.bean(PatienceIT.SilentTools.class);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void hold() {
        tools.started.set(0);
        tools.goOn = new CountDownLatch(1);
        session = new Caller(server, "").inSession().session();
    }

    @AfterEach
    void release() throws IOException {
        tools.goOn.countDown();
        for (Client client : clients) {
            client.close();
        }
        clients.clear();
    }

    @Test
    void clientsThatHaveReadNothingYet() throws Exception {
        connect(number -> legacy(call(number, "")));
        await().atMost(SOON).until(() -> tools.started.get() == CLIENTS);
        close();
        assertNothingIsLeft();
    }

    @Test
    void clientsThatWaitOnAStream() throws Exception {
        connect(number -> legacy(call(number, "")));
        for (Client client : clients) {
            client.readUntil("\n:");
        }
        close();
        assertNothingIsLeft();
    }

    @Test
    void clientsThatListen() throws Exception {
        connect(number -> "GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nMcp-Session-Id: "
                + session + "\r\n\r\n");
        for (Client client : clients) {
            client.readUntil("\r\n\r\n");
            client.readUntil("\n:");
        }
        close();
        assertNothingIsLeft();
    }

    @Test
    void clientsThatHaveSubscribed() throws Exception {
        connect(number -> modern(
                "subscriptions/listen",
                "",
                "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"subscriptions/listen\", \"params\": {" + META
                        + "\"notifications\": {\"toolsListChanged\": true}}}"));
        for (Client client : clients) {
            client.readUntil("acknowledged");
        }
        close();
        assertNothingIsLeft();
    }

    /** On 2026-07-28 a client gives a request up by going away. */
    @Test
    void clientsThatGiveARequestUp() throws Exception {
        connect(number -> modern("tools/call", "Mcp-Name: silent\r\n", call(number, META)));
        await().atMost(SOON).until(() -> tools.started.get() == CLIENTS);
        close();
        assertNothingIsLeft();
    }

    @Test
    void clientsThatKeptTheirConnectionsForLater() throws Exception {
        connect(number -> legacy("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}"));
        for (Client client : clients) {
            assertThat(client.readResponse()).contains("\"result\":{}");
        }
        close();
        assertNothingIsLeft();
    }

    @Test
    void clientsThatKeptTheirConnectionsAfterAStream() throws Exception {
        connect(number -> legacy(call(number, "")));
        for (Client client : clients) {
            client.readUntil("\n:");
        }
        tools.goOn.countDown();
        for (Client client : clients) {
            assertThat(client.readResponse()).contains("is done");
        }
        close();
        assertNothingIsLeft();
    }

    private void connect(IntFunction<String> request) throws IOException {
        for (int number = 0; number < CLIENTS; number++) {
            clients.add(new Client(server.port(), request.apply(number)));
        }
        assertThat(serverEnds()).as("found in the system's list").hasSize(CLIENTS);
    }

    private void close() throws IOException {
        for (Client client : clients) {
            client.close();
        }
    }

    private void assertNothingIsLeft() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(serverEnds())
                        .as("states of the server's ends by the clients' ports, where 08 is CLOSE-WAIT")
                        .isEmpty());
    }

    private Map<Integer, String> serverEnds() throws IOException {
        List<Integer> ports = clients.stream().map(Client::port).toList();
        Map<Integer, String> states = new HashMap<>();
        for (Path table : TABLES) {
            if (!Files.exists(table)) {
                continue;
            }
            for (String line : Files.readAllLines(table).stream().skip(1).toList()) {
                String[] columns = line.strip().split("\\s+");
                int remote = port(columns[2]);
                if (port(columns[1]) == server.port() && ports.contains(remote)) {
                    states.put(remote, columns[3]);
                }
            }
        }
        return states;
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
    }

    /** Equal calls of one session would wait for each other. */
    private static String call(int number, String meta) {
        return "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {" + meta
                + "\"name\": \"silent\", \"arguments\": {\"what\": \"page " + number + "\"}}}";
    }

    private String legacy(String body) {
        return post("Mcp-Session-Id: " + session + "\r\n", body);
    }

    private static String modern(String method, String more, String body) {
        return post("MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: " + method + "\r\n" + more, body);
    }

    private static String post(String headers, String body) {
        return "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: application/json, text/event-stream\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n"
                + body;
    }

    /** Leaves nothing unread where it closes: the system would reset the connection. */
    private static final class Client implements AutoCloseable {

        private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)\r\n");

        private final Socket socket;

        private final InputStream input;

        private final StringBuilder read = new StringBuilder();

        private int taken;

        Client(int port, String request) throws IOException {
            socket = new Socket("localhost", port);
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            input = new BufferedInputStream(socket.getInputStream());
        }

        int port() {
            return socket.getLocalPort();
        }

        /** Reads on to the end of a text. */
        void readUntil(String text) throws IOException {
            while (read.indexOf(text, taken) < 0) {
                readOn();
            }
            taken = read.indexOf(text, taken) + text.length();
        }

        String readResponse() throws IOException {
            while (!isWhole()) {
                readOn();
            }
            return read.toString();
        }

        private boolean isWhole() {
            int head = read.indexOf("\r\n\r\n");
            Matcher length = LENGTH.matcher(read);
            return head > 0
                    && (length.find()
                            ? read.length() == head + 4 + Integer.parseInt(length.group(1))
                            : read.toString().endsWith("\r\n0\r\n\r\n"));
        }

        private void readOn() throws IOException {
            int next = input.read();
            assertThat(next).as("what comes after " + read).isNotNegative();
            read.append((char) next);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
