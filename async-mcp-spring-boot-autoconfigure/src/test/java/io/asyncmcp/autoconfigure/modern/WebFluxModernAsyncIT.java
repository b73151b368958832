package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebFluxModernAsyncIT extends ModernContract {

    WebFluxModernAsyncIT() {
        super(WebApplicationType.REACTIVE, false);
    }
}
