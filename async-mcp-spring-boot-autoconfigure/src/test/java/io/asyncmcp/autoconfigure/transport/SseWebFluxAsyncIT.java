package io.asyncmcp.autoconfigure.transport;

import io.modelcontextprotocol.client.McpSyncClient;
import org.springframework.boot.WebApplicationType;

class SseWebFluxAsyncIT extends SlowToolContract {

    SseWebFluxAsyncIT() {
        super(WebApplicationType.REACTIVE, "spring.ai.mcp.server.protocol=SSE", "spring.ai.mcp.server.type=ASYNC");
    }

    @Override
    McpSyncClient open() {
        server = TestServer.start(WebApplicationType.REACTIVE, Tools.class, properties);
        return server.connectBySse();
    }
}
