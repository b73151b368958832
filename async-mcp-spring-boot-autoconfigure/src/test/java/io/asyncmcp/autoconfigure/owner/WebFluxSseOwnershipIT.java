package io.asyncmcp.autoconfigure.owner;

import org.springframework.boot.WebApplicationType;

class WebFluxSseOwnershipIT extends OwnershipContract {

    WebFluxSseOwnershipIT() {
        super(WebApplicationType.REACTIVE, WebFluxOwnershipIT.App.class, "SSE");
    }
}
