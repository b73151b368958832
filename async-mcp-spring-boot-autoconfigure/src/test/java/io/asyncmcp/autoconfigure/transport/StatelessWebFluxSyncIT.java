package io.asyncmcp.autoconfigure.transport;

import org.springframework.boot.WebApplicationType;

class StatelessWebFluxSyncIT extends SlowToolContract {

    StatelessWebFluxSyncIT() {
        super(WebApplicationType.REACTIVE, "spring.ai.mcp.server.protocol=STATELESS", "spring.ai.mcp.server.type=SYNC");
    }
}
