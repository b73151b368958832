package io.asyncmcp.autoconfigure.transport;

import org.springframework.boot.WebApplicationType;

class StreamableWebMvcAsyncIT extends SlowToolContract {

    StreamableWebMvcAsyncIT() {
        super(
                WebApplicationType.SERVLET,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "spring.ai.mcp.server.type=ASYNC");
    }
}
