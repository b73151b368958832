package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebFluxModernSyncIT extends ModernContract {

    WebFluxModernSyncIT() {
        super(WebApplicationType.REACTIVE, true);
    }
}
