package io.asyncmcp.autoconfigure.owner;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** A session belongs to whoever has opened it, though its id is all that the transports look at. */
class SessionOwnershipIT {

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void streamableSession(WebApplicationType web) throws Exception {
        try (TestServer server = start(web, "STREAMABLE")) {
            RawSession alice = RawSession.open(server, "alice");
            for (String other : new String[] {"bob", ""}) {
                RawSession intruder = alice.takenBy(other);
                assertThat(intruder.post().statusCode()).isEqualTo(404);
                assertThat(intruder.post().body()).contains("Session not found");
                assertThat(intruder.send("GET").statusCode()).isEqualTo(404);
                assertThat(intruder.send("DELETE").statusCode()).isEqualTo(404);
            }
            assertThat(alice.post().statusCode()).isEqualTo(200);
            assertThat(alice.send("DELETE").statusCode()).isEqualTo(200);
            assertThat(alice.takenBy("bob").post().statusCode()).isEqualTo(404);

            RawSession stranger = RawSession.open(server, "");
            assertThat(stranger.post().statusCode()).isEqualTo(200);
            assertThat(stranger.takenBy("alice").post().statusCode()).isEqualTo(200);
            assertThat(stranger.post().statusCode()).isEqualTo(200);
        }
    }

    private static TestServer start(WebApplicationType web, String protocol) {
        return TestServer.start(
                web, OwnershipIT.App.class, Users.withNamedStrangers(web), "spring.ai.mcp.server.protocol=" + protocol);
    }

    /** On the deprecated SSE transport the id is in the address that messages are sent to. */
    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void sseSession(WebApplicationType web) throws Exception {
        try (TestServer server = start(web, "SSE")) {
            URI base = URI.create("http://localhost:" + server.port());
            InputStream stream = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(base.resolve("/sse"))
                                    .header("Authorization", Users.credentials("alice"))
                                    .build(),
                            BodyHandlers.ofInputStream())
                    .body();
            RawSession alice = new RawSession(base.resolve(endpoint(stream)), "", "alice");
            assertThat(alice.post(RawSession.INITIALIZE).statusCode()).isEqualTo(200);
            alice.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
            for (String other : new String[] {"bob", ""}) {
                var refused = alice.takenBy(other).post();
                assertThat(refused.statusCode()).isEqualTo(404);
                assertThat(refused.body()).contains("Session not found");
            }
            assertThat(alice.post().statusCode()).isEqualTo(200);
            stream.close();
        }
    }

    /** The first event says where to send messages. */
    private static String endpoint(InputStream stream) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (!line.startsWith("data:")) {
            line = lines.readLine();
        }
        return line.substring("data:".length()).strip();
    }
}
