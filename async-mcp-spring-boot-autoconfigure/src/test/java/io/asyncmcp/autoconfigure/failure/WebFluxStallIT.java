package io.asyncmcp.autoconfigure.failure;

import org.springframework.boot.WebApplicationType;

class WebFluxStallIT extends StallContract {

    WebFluxStallIT() {
        super(WebApplicationType.REACTIVE);
    }
}
