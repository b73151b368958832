package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebFluxStatelessModernIT extends StatelessModernContract {

    WebFluxStatelessModernIT() {
        super(WebApplicationType.REACTIVE);
    }
}
