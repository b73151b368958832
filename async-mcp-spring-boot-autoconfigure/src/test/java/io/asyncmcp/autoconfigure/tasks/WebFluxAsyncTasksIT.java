package io.asyncmcp.autoconfigure.tasks;

import org.springframework.boot.WebApplicationType;

class WebFluxAsyncTasksIT extends TasksContract {

    WebFluxAsyncTasksIT() {
        super(WebApplicationType.REACTIVE, "ASYNC");
    }
}
