package io.asyncmcp.autoconfigure.badinput;

import org.springframework.boot.WebApplicationType;

class WebFluxDisconnectIT extends DisconnectContract {

    WebFluxDisconnectIT() {
        super(WebApplicationType.REACTIVE);
    }
}
