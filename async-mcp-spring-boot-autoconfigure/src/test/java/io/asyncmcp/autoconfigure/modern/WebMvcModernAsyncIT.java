package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebMvcModernAsyncIT extends ModernContract {

    WebMvcModernAsyncIT() {
        super(WebApplicationType.SERVLET, false);
    }
}
