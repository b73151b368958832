package io.asyncmcp.autoconfigure.transport;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same over stdio, where the server is the client's child and its writer must not fail. */
@ParameterizedClass
@ValueSource(strings = {"SYNC", "ASYNC"})
class StdioSlowToolIT extends SlowToolContract {

    @Parameter
    String type;

    @Override
    McpSyncClient open() {
        McpSyncClient child = McpClient.sync(StdioServer.transport(type))
                .initializationTimeout(Duration.ofSeconds(60))
                .requestTimeout(Duration.ofSeconds(60))
                .build();
        child.initialize();
        return child;
    }

    @Override
    void shut() {
        // Closing the client ends the child.
    }

    @ParameterizedTest
    @ValueSource(strings = {"meta", "content_meta", "resource_meta", "null_key"})
    void resultThatCannotBeWrittenIsAnError(String tool) {
        assertThat(text(call(client, tool, Map.of()))).contains(tool, "cannot be written as JSON");
        assertThat(text(call(client, "objects", Map.of()))).isEqualTo("fine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain_meta", "plain_error"})
    void replyOfAPlainToolThatCannotBeWrittenIsAnError(String tool) {
        assertThatThrownBy(() -> call(client, tool, Map.of())).hasMessageContaining("cannot be written as JSON");
        assertThat(text(call(client, "objects", Map.of()))).isEqualTo("fine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "plain_log"})
    void logMessageThatCannotBeWrittenIsLeftOut(String tool) {
        assertThat(text(call(client, tool, Map.of()))).isEqualTo("fine");
        assertThat(text(call(client, "objects", Map.of()))).isEqualTo("fine");
    }
}
