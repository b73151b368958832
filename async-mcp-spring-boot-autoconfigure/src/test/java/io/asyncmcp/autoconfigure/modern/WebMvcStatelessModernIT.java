package io.asyncmcp.autoconfigure.modern;

import org.springframework.boot.WebApplicationType;

class WebMvcStatelessModernIT extends StatelessModernContract {

    WebMvcStatelessModernIT() {
        super(WebApplicationType.SERVLET);
    }
}
