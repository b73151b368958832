package io.asyncmcp.autoconfigure.failure;

import org.springframework.boot.WebApplicationType;

class WebMvcStallIT extends StallContract {

    WebMvcStallIT() {
        super(WebApplicationType.SERVLET);
    }
}
