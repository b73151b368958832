package io.asyncmcp.autoconfigure.owner;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class WebFluxOwnershipIT extends OwnershipContract {

    WebFluxOwnershipIT() {
        super(WebApplicationType.REACTIVE, App.class, "STREAMABLE");
    }

    @Configuration(proxyBeanMethods = false)
    @Import({Users.Reactive.class, Users.NamedStrangers.class})
    static class App {

        @Bean
        HeldTools heldTools() {
            return new HeldTools();
        }
    }
}
