package io.asyncmcp.autoconfigure.transport;

import org.springframework.boot.WebApplicationType;

class StreamableWebFluxAsyncIT extends SlowToolContract {

    StreamableWebFluxAsyncIT() {
        super(
                WebApplicationType.REACTIVE,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.type=ASYNC");
    }
}
