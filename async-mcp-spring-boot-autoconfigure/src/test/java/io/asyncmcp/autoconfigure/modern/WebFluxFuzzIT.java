package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebFluxFuzzIT extends FuzzContract {

    WebFluxFuzzIT() {
        super(WebApplicationType.REACTIVE);
    }
}
