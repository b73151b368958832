package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebMvcModernChangesIT extends ModernChangesContract {

    WebMvcModernChangesIT() {
        super(WebApplicationType.SERVLET);
    }
}
