package io.asyncmcp.autoconfigure.patience;

import org.springframework.boot.WebApplicationType;

class WebFluxPatienceIT extends PatienceContract {

    WebFluxPatienceIT() {
        super(WebApplicationType.REACTIVE);
    }
}
