package io.asyncmcp.autoconfigure.owner;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebMvcOwnershipIT extends OwnershipContract {

    WebMvcOwnershipIT() {
        super(WebApplicationType.SERVLET, App.class, "STREAMABLE");
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Users.Servlet.class)
    static class App {

        @Bean
        HeldTools heldTools() {
            return new HeldTools();
        }
    }
}
