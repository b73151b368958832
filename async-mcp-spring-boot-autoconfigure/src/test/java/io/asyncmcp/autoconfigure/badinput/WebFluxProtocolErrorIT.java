package io.asyncmcp.autoconfigure.badinput;

import org.springframework.boot.WebApplicationType;

class WebFluxProtocolErrorIT extends ProtocolErrorContract {

    WebFluxProtocolErrorIT() {
        super(WebApplicationType.REACTIVE);
    }
}
