package io.asyncmcp.autoconfigure.tasks;

import org.springframework.boot.WebApplicationType;

class WebFluxStatelessTasksIT extends StatelessTasksContract {

    WebFluxStatelessTasksIT() {
        super(WebApplicationType.REACTIVE);
    }
}
