package io.asyncmcp.autoconfigure.transport;

import io.modelcontextprotocol.client.McpSyncClient;
import org.springframework.boot.WebApplicationType;

class SseWebMvcSyncIT extends SlowToolContract {

    SseWebMvcSyncIT() {
        super(WebApplicationType.SERVLET, "spring.ai.mcp.server.protocol=SSE", "spring.ai.mcp.server.type=SYNC");
    }

    @Override
    McpSyncClient open() {
        server = TestServer.start(WebApplicationType.SERVLET, Tools.class, properties);
        return server.connectBySse();
    }
}
