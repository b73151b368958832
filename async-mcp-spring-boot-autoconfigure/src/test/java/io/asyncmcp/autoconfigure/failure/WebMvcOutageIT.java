package io.asyncmcp.autoconfigure.failure;

import org.springframework.boot.WebApplicationType;

class WebMvcOutageIT extends OutageContract {

    WebMvcOutageIT() {
        super(WebApplicationType.SERVLET);
    }
}
