package io.asyncmcp.autoconfigure.badinput;

import static io.asyncmcp.autoconfigure.badinput.RawClient.isError;
import static io.asyncmcp.autoconfigure.badinput.RawClient.operationId;
import static io.asyncmcp.autoconfigure.badinput.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** What a client is told whose result had to make room for others. */
class RetainedSizeIT {

    static class Tools {

        @Bean
        LargeTools largeTools() {
            return new LargeTools();
        }
    }

    static class LargeTools {

        final Semaphore handles = new Semaphore(0);

        /** A tool that is quicker than its handle needs none. */
        @AsyncTool(name = "large", timeout = "0s")
        String large() throws InterruptedException {
            handles.acquire();
            return "x".repeat(40_000);
        }
    }

    @Test
    void clientIsToldThatItsResultWasDropped() throws Exception {
        try (TestServer server = TestServer.start(
                WebApplicationType.SERVLET,
                Tools.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.limits.max-result-size=50KB",
                "async.mcp.limits.max-retained-size=100KB")) {
            RawClient client = new RawClient(server).initialized();
            String fetched = start(server, client);
            assertThat(text(client.call("continue_operation", RawClient.id(fetched))))
                    .hasSize(40_000);
            String second = start(server, client);
            assertThat(text(client.call("continue_operation", RawClient.id(second))))
                    .hasSize(40_000);
            String third = start(server, client);
            assertThat(text(client.call("continue_operation", RawClient.id(third))))
                    .hasSize(40_000);
            JsonNode gone = client.call("continue_operation", RawClient.id(fetched));
            assertThat(isError(gone)).isTrue();
            assertThat(text(gone)).contains("large completed, but its result was dropped", "Call large again");
            assertThat(text(client.call("continue_operation", RawClient.id(second))))
                    .hasSize(40_000);
        }
    }

    private static String start(TestServer server, RawClient client) throws Exception {
        String id = operationId(client.call("large", "{}"));
        server.bean(LargeTools.class).handles.release();
        return id;
    }
}
