package io.asyncmcp.autoconfigure.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** A server without sessions has its path from the same property of Spring AI's as one with sessions. */
class StatelessPathIT {

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void anotherPathIsServedAndTheUsualOneIsNot(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(
                web,
                SpringAiSettingsIT.Tools.class,
                "spring.ai.mcp.server.protocol=STATELESS",
                SpringAiSettingsIT.SETTINGS + "mcp-endpoint=/api/tools")) {
            assertThat(call(server, "/api/tools").body()).contains("done");
            assertThat(call(server, "/mcp").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> call(TestServer server, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                                .timeout(Duration.ofSeconds(20))
                                .headers("Content-Type", "application/json")
                                .headers("Accept", "application/json, text/event-stream")
                                .POST(BodyPublishers.ofString(SpringAiSettingsIT.CALL))
                                .build(),
                        BodyHandlers.ofString());
    }
}
