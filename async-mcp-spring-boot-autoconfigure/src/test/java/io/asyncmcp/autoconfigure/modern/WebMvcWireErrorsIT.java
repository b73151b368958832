package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebMvcWireErrorsIT extends WireErrorsContract {

    WebMvcWireErrorsIT() {
        super(WebApplicationType.SERVLET);
    }
}
