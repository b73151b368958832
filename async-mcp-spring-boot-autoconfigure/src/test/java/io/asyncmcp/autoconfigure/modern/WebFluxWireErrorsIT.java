package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebFluxWireErrorsIT extends WireErrorsContract {

    WebFluxWireErrorsIT() {
        super(WebApplicationType.REACTIVE);
    }
}
