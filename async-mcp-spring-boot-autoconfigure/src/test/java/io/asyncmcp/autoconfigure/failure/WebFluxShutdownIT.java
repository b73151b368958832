package io.asyncmcp.autoconfigure.failure;

import org.springframework.boot.WebApplicationType;

class WebFluxShutdownIT extends ShutdownContract {

    WebFluxShutdownIT() {
        super(WebApplicationType.REACTIVE);
    }
}
