package io.asyncmcp.autoconfigure.tasks;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebMvcTaskOwnershipIT extends TaskOwnershipContract {

    WebMvcTaskOwnershipIT() {
        super(WebApplicationType.SERVLET, App.class);
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Users.Servlet.class)
    static class App {

        @Bean
        TaskTools taskTools() {
            return new TaskTools();
        }
    }
}
