package io.asyncmcp.autoconfigure.transport;

import org.springframework.boot.WebApplicationType;

class StatelessWebFluxAsyncIT extends SlowToolContract {

    StatelessWebFluxAsyncIT() {
        super(
                WebApplicationType.REACTIVE,
                "spring.ai.mcp.server.protocol=STATELESS",
                "spring.ai.mcp.server.type=ASYNC");
    }
}
