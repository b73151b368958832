package io.asyncmcp.autoconfigure.patience;

import io.asyncmcp.autoconfigure.transport.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;

/** The one stream of a client of the deprecated SSE transport. */
class SseHeartbeatIT {

    @ParameterizedTest
    @EnumSource(
            value = WebApplicationType.class,
            names = {"SERVLET", "REACTIVE"})
    void bytesArriveInSilence(WebApplicationType web) throws Exception {
        try (TestServer server = TestServer.start(
                        web,
                        PatienceIT.Tools.class,
                        "spring.ai.mcp.server.protocol=SSE",
                        "async.mcp.heartbeat-interval=250ms");
                PatienceIT.Stream stream = new PatienceIT.Stream(
                        server.port(), "GET /sse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")) {
            stream.readData();
            stream.readComment();
            stream.readComment();
        }
    }
}
