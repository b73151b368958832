package io.asyncmcp.autoconfigure.tasks;

import io.asyncmcp.autoconfigure.owner.Users;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebFluxTaskOwnershipIT extends TaskOwnershipContract {

    WebFluxTaskOwnershipIT() {
        super(WebApplicationType.REACTIVE, App.class);
    }

    @Configuration(proxyBeanMethods = false)
    @Import({Users.Reactive.class, Users.NamedStrangers.class})
    static class App {

        @Bean
        TaskTools taskTools() {
            return new TaskTools();
        }
    }
}
