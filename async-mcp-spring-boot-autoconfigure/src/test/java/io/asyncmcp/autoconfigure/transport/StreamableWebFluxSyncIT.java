package io.asyncmcp.autoconfigure.transport;

import org.springframework.boot.WebApplicationType;

class StreamableWebFluxSyncIT extends SlowToolContract {

    StreamableWebFluxSyncIT() {
        super(
                WebApplicationType.REACTIVE,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.type=SYNC");
    }
}
