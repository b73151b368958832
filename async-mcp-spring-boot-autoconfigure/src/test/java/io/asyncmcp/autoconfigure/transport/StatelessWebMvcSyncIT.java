package io.asyncmcp.autoconfigure.transport;

import org.springframework.boot.WebApplicationType;

class StatelessWebMvcSyncIT extends SlowToolContract {

    StatelessWebMvcSyncIT() {
        super(WebApplicationType.SERVLET, "spring.ai.mcp.server.protocol=STATELESS", "spring.ai.mcp.server.type=SYNC");
    }
}
