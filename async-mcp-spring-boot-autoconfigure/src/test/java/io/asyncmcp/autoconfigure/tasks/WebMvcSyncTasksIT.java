package io.asyncmcp.autoconfigure.tasks;

import org.springframework.boot.WebApplicationType;

class WebMvcSyncTasksIT extends TasksContract {

    WebMvcSyncTasksIT() {
        super(WebApplicationType.SERVLET, "SYNC");
    }
}
