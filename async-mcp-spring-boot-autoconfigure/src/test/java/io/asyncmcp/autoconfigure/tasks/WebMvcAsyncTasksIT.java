package io.asyncmcp.autoconfigure.tasks;

import org.springframework.boot.WebApplicationType;

class WebMvcAsyncTasksIT extends TasksContract {

    WebMvcAsyncTasksIT() {
        super(WebApplicationType.SERVLET, "ASYNC");
    }
}
