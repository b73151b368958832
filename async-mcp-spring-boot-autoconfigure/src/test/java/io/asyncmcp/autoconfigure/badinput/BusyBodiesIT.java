package io.asyncmcp.autoconfigure.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** A client that sends much, and does not finish, while others come. */
class BusyBodiesIT {

    private static final String PING = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}";

    static class NoTools {}

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void callerThatSendsMoreThanItsHalfIsToldToWait(WebApplicationType web) throws Exception {
        List<Socket> unfinished = new ArrayList<>();
        try (TestServer server = TestServer.start(
                web,
                NoTools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.limits.max-request-size=100KB",
                "async.mcp.limits.max-request-memory=400KB")) {
            RawClient client = new RawClient(server).initialized();
            String large = PING.replace("}", ", \"params\": {\"_meta\": {\"text\": \"" + "x".repeat(20_000) + "\"}}}");
            for (int i = 0; i < 2; i++) {
                unfinished.add(sendUnfinished(server));
            }

            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                for (int i = 0; i < unfinished.size(); i++) {
                    if (unfinished.get(i).getInputStream().available() > 0) {
                        // It came while a message of the client's was read, and was told to wait itself.
                        unfinished.get(i).close();
                        unfinished.set(i, sendUnfinished(server));
                    }
                }
                HttpResponse<String> busy = client.post(large);
                assertThat(busy.statusCode()).isEqualTo(429);
                assertThat(busy.headers().firstValue("Retry-After")).contains("1");
                assertThat(busy.body()).contains("-32000", "Try again in a second");
            });
            assertThat(client.post(PING).statusCode())
                    .as("what is small is taken")
                    .isEqualTo(200);

            for (Socket socket : unfinished) {
                socket.close();
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(client.post(large).statusCode()).isEqualTo(200));
        }
    }

    private static Socket sendUnfinished(TestServer server) throws IOException {
        Socket socket = new Socket("localhost", server.port());
        OutputStream out = socket.getOutputStream();
        out.write(("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100000\r\n\r\n" + "x".repeat(99_000))
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }
}
