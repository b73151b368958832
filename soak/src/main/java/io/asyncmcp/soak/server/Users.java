package io.asyncmcp.soak.server;

import static org.springframework.security.config.Customizer.withDefaults;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** One person with a password, because limits and lists are per owner; everybody else may come in too. */
@Configuration(proxyBeanMethods = false)
class Users {

    private static final UserDetails ANN =
            User.withUsername("ann").password("secret").roles("USER").build();

    /** No hashing: every request of hers would spend more on that than on everything else. */
    @Bean
    PasswordEncoder encoder() {
        return new PasswordEncoder() {
            @Override
            public String encode(@Nullable CharSequence password) {
                return String.valueOf(password);
            }

            @Override
            public boolean matches(@Nullable CharSequence password, @Nullable String encoded) {
                return String.valueOf(password).equals(encoded);
            }
        };
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class OnWebMvc {

        @Bean
        InMemoryUserDetailsManager people() {
            return new InMemoryUserDetailsManager(ANN);
        }

        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .httpBasic(withDefaults())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class OnWebFlux {

        @Bean
        MapReactiveUserDetailsService people() {
            return new MapReactiveUserDetailsService(ANN);
        }

        @Bean
        SecurityWebFilterChain open(ServerHttpSecurity http) {
            return http.authorizeExchange(requests -> requests.anyExchange().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .httpBasic(withDefaults())
                    .build();
        }
    }
}
