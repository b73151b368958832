package io.asyncmcp.autoconfigure.badinput;

import org.springframework.boot.WebApplicationType;

class WebMvcProtocolErrorIT extends ProtocolErrorContract {

    WebMvcProtocolErrorIT() {
        super(WebApplicationType.SERVLET);
    }
}
