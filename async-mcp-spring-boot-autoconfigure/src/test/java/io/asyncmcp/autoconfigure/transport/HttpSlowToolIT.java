package io.asyncmcp.autoconfigure.transport;

import io.modelcontextprotocol.client.McpSyncClient;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;

/** The same over every transport of HTTP, on both stacks. */
@ParameterizedClass
@CsvSource({
    "SERVLET, SSE, SYNC",
    "REACTIVE, SSE, ASYNC",
    "SERVLET, STREAMABLE, SYNC",
    "SERVLET, STREAMABLE, ASYNC",
    "REACTIVE, STREAMABLE, SYNC",
    "REACTIVE, STREAMABLE, ASYNC",
    "SERVLET, STATELESS, SYNC",
    "SERVLET, STATELESS, ASYNC",
    "REACTIVE, STATELESS, SYNC",
    "REACTIVE, STATELESS, ASYNC"
})
class HttpSlowToolIT extends SlowToolContract {

    @Parameter(0)
    WebApplicationType web;

    @Parameter(1)
    String protocol;

    @Parameter(2)
    String type;

    private TestServer server;

    @Override
    McpSyncClient open() {
        server = TestServer.start(
                web, Tools.class, "spring.ai.mcp.server.protocol=" + protocol, "spring.ai.mcp.server.type=" + type);
        return protocol.equals("SSE") ? server.connectBySse() : server.connect();
    }

    @Override
    void shut() {
        server.close();
    }
}
