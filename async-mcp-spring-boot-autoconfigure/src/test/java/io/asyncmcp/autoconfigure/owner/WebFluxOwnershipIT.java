package io.asyncmcp.autoconfigure.owner;

import static org.springframework.security.config.Customizer.withDefaults;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;

class WebFluxOwnershipIT extends OwnershipContract {

    WebFluxOwnershipIT() {
        super(WebApplicationType.REACTIVE, App.class);
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Users.Reactive.class)
    static class App {

        @Bean
        HeldTools heldTools() {
            return new HeldTools();
        }

        /** Gives strangers a principal, all of them the same one, as WebMVC does. */
        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityWebFilterChain strangersHaveAPrincipal(ServerHttpSecurity http) {
            return http.authorizeExchange(requests -> requests.anyExchange().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .anonymous(withDefaults())
                    .httpBasic(withDefaults())
                    .build();
        }
    }
}
