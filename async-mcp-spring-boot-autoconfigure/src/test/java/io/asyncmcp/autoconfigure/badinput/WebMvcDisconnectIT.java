package io.asyncmcp.autoconfigure.badinput;

import org.springframework.boot.WebApplicationType;

class WebMvcDisconnectIT extends DisconnectContract {

    WebMvcDisconnectIT() {
        super(WebApplicationType.SERVLET);
    }
}
