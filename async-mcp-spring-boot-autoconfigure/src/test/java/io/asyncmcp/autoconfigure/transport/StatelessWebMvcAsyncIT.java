package io.asyncmcp.autoconfigure.transport;

import org.springframework.boot.WebApplicationType;

class StatelessWebMvcAsyncIT extends SlowToolContract {

    StatelessWebMvcAsyncIT() {
        super(WebApplicationType.SERVLET, "spring.ai.mcp.server.protocol=STATELESS", "spring.ai.mcp.server.type=ASYNC");
    }
}
