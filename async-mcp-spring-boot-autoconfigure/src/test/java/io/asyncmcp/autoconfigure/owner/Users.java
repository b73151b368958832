package io.asyncmcp.autoconfigure.owner;

import static org.springframework.security.config.Customizer.withDefaults;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** Two people who know their passwords, and clients that act for them. */
public final class Users {

    public static final String LABEL = "X-Label";

    private static final UserDetails[] ALL = {user("alice"), user("bob")};

    private Users() {}

    private static UserDetails user(String name) {
        return User.withUsername(name).password("secret").roles("USER").build();
    }

    /** Spring Security would replace plain passwords by BCrypt's at the first login, which takes its time on purpose. */
    public abstract static class PlainPasswords {

        @Bean
        PasswordEncoder plainPasswords() {
            return new PasswordEncoder() {
                @Override
                public String encode(CharSequence password) {
                    return password.toString();
                }

                @Override
                public boolean matches(CharSequence password, String encoded) {
                    return encode(password).equals(encoded);
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class Servlet extends PlainPasswords {

        @Bean
        InMemoryUserDetailsManager users() {
            return new InMemoryUserDetailsManager(ALL);
        }
    }

    @Configuration(proxyBeanMethods = false)
    public static class Reactive extends PlainPasswords {

        @Bean
        MapReactiveUserDetailsService users() {
            return new MapReactiveUserDetailsService(ALL);
        }
    }

    /** Gives strangers a principal, all of them the same one, as WebMVC does. */
    @Configuration(proxyBeanMethods = false)
    public static class NamedStrangers {

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

    /** What makes them known to a server. */
    public static List<Class<?>> on(WebApplicationType web) {
        return List.of(web == WebApplicationType.SERVLET ? Servlet.class : Reactive.class);
    }

    /** The same, where strangers have a principal too. */
    public static List<Class<?>> withNamedStrangers(WebApplicationType web) {
        return web == WebApplicationType.SERVLET ? on(web) : List.of(Reactive.class, NamedStrangers.class);
    }

    /** A session of its own for whoever is named, and for nobody in particular if the name is empty. */
    public static McpSyncClient connect(TestServer server, String name, String label) {
        return connected(HttpClientStreamableHttpTransport.builder("http://localhost:" + server.port())
                .requestBuilder(as(name).header(LABEL, label))
                .build());
    }

    private static HttpRequest.Builder as(String name) {
        HttpRequest.Builder request = HttpRequest.newBuilder().header("Accept-Language", languageOf(name));
        if (name.isEmpty()) {
            return request;
        }
        return request.header("Authorization", credentials(name));
    }

    private static McpSyncClient connected(McpClientTransport transport) {
        McpSyncClient client = McpClient.sync(transport).build();
        client.initialize();
        return client;
    }

    public static McpSyncClient connectBySse(TestServer server, String name) {
        return connected(HttpClientSseClientTransport.builder("http://localhost:" + server.port())
                .requestBuilder(as(name))
                .build());
    }

    /** Everybody speaks another one. */
    static String languageOf(String name) {
        return switch (name) {
            case "alice" -> "fr";
            case "bob" -> "it";
            default -> "ja";
        };
    }

    public static String credentials(String name) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":secret").getBytes(StandardCharsets.UTF_8));
    }

    public static McpSyncClient connect(TestServer server, String name) {
        return connect(server, name, "none");
    }
}
