package io.asyncmcp.autoconfigure.patience;

import org.springframework.boot.WebApplicationType;

class WebMvcPatienceIT extends PatienceContract {

    WebMvcPatienceIT() {
        super(WebApplicationType.SERVLET);
    }
}
