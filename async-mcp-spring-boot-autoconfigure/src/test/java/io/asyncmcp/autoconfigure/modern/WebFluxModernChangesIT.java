package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebFluxModernChangesIT extends ModernChangesContract {

    WebFluxModernChangesIT() {
        super(WebApplicationType.REACTIVE);
    }
}
