package io.asyncmcp.autoconfigure.tasks;

import org.springframework.boot.WebApplicationType;

class WebFluxSyncTasksIT extends TasksContract {

    WebFluxSyncTasksIT() {
        super(WebApplicationType.REACTIVE, "SYNC");
    }
}
