package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.isError;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import tools.jackson.databind.JsonNode;

/** What cannot be written as JSON costs nobody a reply. The same over stdio is in its contract. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnwritableIT {

    private TestServer server;

    private RawClient client;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start(
                WebApplicationType.SERVLET,
                UnwritableTools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "logging.level.io.asyncmcp=off");
        client = new RawClient(server).initialized();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void answersAfterwards() throws Exception {
        assertThat(isError(client.call("objects", "{}"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"meta", "content_meta", "resource_meta", "null_key"})
    void resultOfAnAsynchronousToolBecomesAnErrorThatSaysSo(String tool) throws Exception {
        JsonNode response = client.call(tool, "{}");
        assertThat(isError(response)).as(response.toString()).isTrue();
        assertThat(text(response)).contains(tool, "cannot be written as JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain_meta", "plain_error"})
    void replyOfAPlainToolBecomesAnError(String tool) throws Exception {
        JsonNode response = client.call(tool, "{}");
        assertThat(response.path("error").path("code").asInt())
                .as(response.toString())
                .isEqualTo(-32603);
        assertThat(response.path("error").path("message").asString()).contains("cannot be written as JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "plain_log"})
    void logMessageIsLeftOutAndTheResultIsNot(String tool) throws Exception {
        JsonNode response = client.call(tool, "{}");
        assertThat(text(response)).as(response.toString()).isEqualTo("fine");
    }

    @Test
    void objectsThatCanBeWrittenArrive() throws Exception {
        JsonNode result = client.call("objects", "{}").path("result");
        assertThat(result.at("/_meta/example.com~1part/name").asString()).isEqualTo("Ada");
        assertThat(result.at("/content/0/_meta/example.com~1part/name").asString())
                .isEqualTo("Ada");
        assertThat(result.at("/content/1/resource/_meta/example.com~1part/name").asString())
                .isEqualTo("Ada");
        assertThat(result.at("/structuredContent/7/name").asString()).isEqualTo("Bob");
        assertThat(result.at("/content/0/type").asString()).isEqualTo("text");
        assertThat(result.at("/content/1/type").asString()).isEqualTo("resource");
    }
}
