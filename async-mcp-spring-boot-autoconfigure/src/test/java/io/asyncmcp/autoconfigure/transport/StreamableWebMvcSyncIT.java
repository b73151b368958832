package io.asyncmcp.autoconfigure.transport;

import org.springframework.boot.WebApplicationType;

class StreamableWebMvcSyncIT extends SlowToolContract {

    StreamableWebMvcSyncIT() {
        super(WebApplicationType.SERVLET, "spring.ai.mcp.server.protocol=STREAMABLE", "spring.ai.mcp.server.type=SYNC");
    }
}
