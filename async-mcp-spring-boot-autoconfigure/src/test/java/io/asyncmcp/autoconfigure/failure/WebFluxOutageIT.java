package io.asyncmcp.autoconfigure.failure;

import org.springframework.boot.WebApplicationType;

class WebFluxOutageIT extends OutageContract {

    WebFluxOutageIT() {
        super(WebApplicationType.REACTIVE);
    }
}
