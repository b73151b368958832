package io.asyncmcp.autoconfigure.tasks;

import org.springframework.boot.WebApplicationType;

class WebMvcStatelessTasksIT extends StatelessTasksContract {

    WebMvcStatelessTasksIT() {
        super(WebApplicationType.SERVLET);
    }
}
