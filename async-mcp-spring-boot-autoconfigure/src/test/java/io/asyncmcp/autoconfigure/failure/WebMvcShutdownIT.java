package io.asyncmcp.autoconfigure.failure;

import org.springframework.boot.WebApplicationType;

class WebMvcShutdownIT extends ShutdownContract {

    WebMvcShutdownIT() {
        super(WebApplicationType.SERVLET);
    }
}
