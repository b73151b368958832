package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebMvcFuzzIT extends FuzzContract {

    WebMvcFuzzIT() {
        super(WebApplicationType.SERVLET);
    }
}
