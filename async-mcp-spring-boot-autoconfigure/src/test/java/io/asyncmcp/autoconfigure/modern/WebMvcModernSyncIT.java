package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebMvcModernSyncIT extends ModernContract {

    WebMvcModernSyncIT() {
        super(WebApplicationType.SERVLET, true);
    }
}
