package io.asyncmcp.autoconfigure.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.autoconfigure.transport.TestServer;
import io.asyncmcp.server.AsyncTool;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** A page of another origin, and an application that allows it as it does for every endpoint of its own. */
@ParameterizedClass
@EnumSource(
        value = WebApplicationType.class,
        names = {"SERVLET", "REACTIVE"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CorsMappingsIT {

    private static final String PAGE = "https://app.example.com";

    private static final String STRANGER = "https://evil.example";

    private static final String[] METHODS = {"GET", "POST", "DELETE"};

    private static final String INITIALIZE = """
            {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18",
            "capabilities": {}, "clientInfo": {"name": "page", "version": "1"}}}
            """;

    @Parameter
    WebApplicationType web;

    private final HttpClient http = HttpClient.newHttpClient();

    private TestServer server;

    @Configuration(proxyBeanMethods = false)
    static class OnServlets implements WebMvcConfigurer {

        @Override
        public void addCorsMappings(org.springframework.web.servlet.config.annotation.CorsRegistry registry) {
            registry.addMapping("/mcp")
                    .allowedOrigins(PAGE)
                    .allowedMethods(METHODS)
                    .allowedHeaders("*")
                    .exposedHeaders("Mcp-Session-Id");
        }

        @Bean
        Tools tools() {
            return new Tools();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OnReactor implements WebFluxConfigurer {

        @Override
        public void addCorsMappings(org.springframework.web.reactive.config.CorsRegistry registry) {
            registry.addMapping("/mcp")
                    .allowedOrigins(PAGE)
                    .allowedMethods(METHODS)
                    .allowedHeaders("*")
                    .exposedHeaders("Mcp-Session-Id");
        }

        @Bean
        Tools tools() {
            return new Tools();
        }
    }

    static class Tools {

        @AsyncTool(name = "quick", timeout = "10s")
        String quick() {
            return "done";
        }

        /** So long that its response is an event stream. */
        @AsyncTool(name = "waits", timeout = "10s")
        String waits() throws InterruptedException {
            new CountDownLatch(1).await(1_500, TimeUnit.MILLISECONDS);
            return "done";
        }
    }

    @BeforeParameterizedClassInvocation
    void start() {
        server = TestServer.start(
                web,
                web == WebApplicationType.SERVLET ? OnServlets.class : OnReactor.class,
                "spring.ai.mcp.server.protocol=STREAMABLE",
                "async.mcp.security.allowed-origins=" + PAGE);
    }

    @AfterParameterizedClassInvocation
    void stop() {
        server.close();
    }

    private HttpRequest.Builder request(String origin) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/mcp"))
                .timeout(Duration.ofSeconds(20))
                .headers("Origin", origin, "Accept", "application/json, text/event-stream")
                .header("Content-Type", "application/json");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> preflight(String origin, String method) throws Exception {
        return send(request(origin)
                .headers("Access-Control-Request-Method", method)
                .headers("Access-Control-Request-Headers", "content-type,mcp-session-id,mcp-protocol-version")
                .method("OPTIONS", BodyPublishers.noBody()));
    }

    private String open() throws Exception {
        HttpResponse<String> initialized = send(request(PAGE).POST(BodyPublishers.ofString(INITIALIZE)));
        assertThat(initialized.statusCode()).isEqualTo(200);
        assertReadable(initialized);
        return initialized.headers().firstValue("Mcp-Session-Id").orElseThrow();
    }

    /** By the page, which asked for it. */
    private static void assertReadable(HttpResponse<String> response) {
        assertThat(response.headers().allValues("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(response.headers().allValues("Access-Control-Expose-Headers"))
                .containsExactly("Mcp-Session-Id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "DELETE"})
    void pageThatIsNamedMayAsk(String method) throws Exception {
        HttpResponse<String> allowed = preflight(PAGE, method);
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().allValues("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Methods").orElseThrow())
                .contains(method);
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers").orElseThrow())
                .contains("content-type", "mcp-session-id", "mcp-protocol-version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quick", "waits"})
    void pageThatIsNamedReadsAnswers(String tool) throws Exception {
        HttpResponse<String> answer = send(request(PAGE)
                .header("Mcp-Session-Id", open())
                .POST(BodyPublishers.ofString("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\","
                        + " \"params\": {\"name\": \"" + tool + "\", \"arguments\": {}}}")));
        assertThat(answer.body()).contains("done");
        assertReadable(answer);
    }

    /** It must know that its session is over. */
    @Test
    void pageThatIsNamedReadsErrors() throws Exception {
        HttpResponse<String> answer =
                send(request(PAGE).header("Mcp-Session-Id", "gone").DELETE());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertReadable(answer);
    }

    @Test
    void pageThatIsNotNamedMayNothing() throws Exception {
        HttpResponse<String> preflight = preflight(STRANGER, "POST");
        assertThat(preflight.statusCode()).isEqualTo(403);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(send(request(STRANGER).POST(BodyPublishers.ofString(INITIALIZE)))
                        .statusCode())
                .isEqualTo(403);
    }
}
