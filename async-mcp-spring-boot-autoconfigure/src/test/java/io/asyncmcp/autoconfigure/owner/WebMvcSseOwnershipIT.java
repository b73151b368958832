package io.asyncmcp.autoconfigure.owner;

import org.springframework.boot.WebApplicationType;

class WebMvcSseOwnershipIT extends OwnershipContract {

    WebMvcSseOwnershipIT() {
        super(WebApplicationType.SERVLET, WebMvcOwnershipIT.App.class, "SSE");
    }
}
