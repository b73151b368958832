package io.asyncmcp.autoconfigure.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/** A page of another origin, and Spring Security as the README says for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrowserIT {

    private static final String PAGE = "https://app.example.com";

    private static final String INITIALIZE = """
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18",
            "capabilities": {}, "clientInfo": {"name": "page", "version": "1"}}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();

    private TestServer server;

    @Configuration(proxyBeanMethods = false)
    static class App {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityFilterChain security(HttpSecurity http) {
            return http.securityMatcher("/mcp", "/other")
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.ignoringRequestMatchers("/mcp"))
                    .cors(withDefaults())
                    .build();
        }

        @Bean
        UrlBasedCorsConfigurationSource corsConfigurationSource() {
            CorsConfiguration cors = new CorsConfiguration();
            cors.setAllowedOrigins(List.of(PAGE));
            cors.setAllowedMethods(List.of("GET", "POST", "DELETE"));
            cors.setAllowedHeaders(List.of("*"));
            cors.setExposedHeaders(List.of("Mcp-Session-Id"));
            UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
            source.registerCorsConfiguration("/mcp", cors);
            return source;
        }

        @Bean
        Tools tools() {
            return new Tools();
        }
    }

    static class Tools {

        @AsyncTool
        String hello() {
            return "hello";
        }
    }

    @BeforeAll
    void start() {
        server = TestServer.start(
                WebApplicationType.SERVLET,
                App.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.security.allowed-origins=" + PAGE);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpRequest.Builder request(String path, String origin) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path))
                .timeout(Duration.ofSeconds(20))
                .headers("Origin", origin, "Accept", "application/json, text/event-stream")
                .header("Content-Type", "application/json");
    }

    private HttpResponse<String> post(String path, String origin) throws Exception {
        return http.send(
                request(path, origin).POST(BodyPublishers.ofString(INITIALIZE)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> preflight(String origin) throws Exception {
        return http.send(
                request("/mcp", origin)
                        .headers("Access-Control-Request-Method", "POST")
                        .headers("Access-Control-Request-Headers", "content-type,mcp-session-id,mcp-protocol-version")
                        .method("OPTIONS", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void pageThatIsNamedMayCall() throws Exception {
        assertThat(preflight(PAGE).statusCode()).isEqualTo(200);
        assertThat(preflight(PAGE).headers().allValues("Access-Control-Allow-Headers"))
                .singleElement()
                .asString()
                .contains("mcp-session-id", "mcp-protocol-version");

        HttpResponse<String> initialized = post("/mcp", PAGE);
        assertThat(initialized.statusCode()).isEqualTo(200);
        assertThat(initialized.headers().allValues("Access-Control-Expose-Headers"))
                .containsExactly("Mcp-Session-Id");
        assertThat(initialized.headers().firstValue("Mcp-Session-Id")).isPresent();
    }

    @Test
    void pageThatIsNotNamedMayNot() throws Exception {
        assertThat(preflight("https://evil.example").statusCode()).isEqualTo(403);
        assertThat(post("/mcp", "https://evil.example").statusCode()).isEqualTo(403);
    }

    @Test
    void onlyTheEndpointTakesPostsWithoutACsrfToken() throws Exception {
        assertThat(post("/other", PAGE).statusCode()).isEqualTo(403);
    }
}
