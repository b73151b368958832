package io.asyncmcp.autoconfigure.transport;

import static org.springframework.security.config.Customizer.withDefaults;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/** A real server on a port of its own, and real clients for it. */
public final class TestServer implements AutoCloseable {

    private static final String WEBFLUX = "org.springframework.ai.mcp.server.webflux.autoconfigure.";

    private static final String WEBMVC = "org.springframework.ai.mcp.server.webmvc.autoconfigure.";

    private final ConfigurableApplicationContext context;

    private TestServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    public static TestServer start(WebApplicationType web, Class<?> tools, String... properties) {
        return start(web, tools, List.of(), properties);
    }

    public static TestServer start(WebApplicationType web, Class<?> tools, List<Class<?>> more, String... properties) {
        boolean servlet = web == WebApplicationType.SERVLET;
        String other = servlet ? WEBFLUX : WEBMVC;
        String stack = servlet ? "WebFlux" : "WebMvc";
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "logging.level.root=warn",
                "server.shutdown=immediate",
                "async.mcp.shutdown-timeout=0s",
                // Both stacks are on the test's class path, which no application would have.
                "spring.autoconfigure.exclude=" + other + "McpServerSse" + stack + "AutoConfiguration," + other
                        + "McpServerStreamableHttp" + stack + "AutoConfiguration," + other
                        + "McpServerStateless"
                        + stack + "AutoConfiguration"));
        all.addAll(List.of(properties));
        return new TestServer(
                new SpringApplicationBuilder(App.class, servlet ? OpenServlet.class : OpenReactive.class, tools)
                        .sources(more.toArray(Class<?>[]::new))
                        .web(web)
                        .properties(all.toArray(String[]::new))
                        .run());
    }

    @SpringBootApplication(scanBasePackages = "none")
    static class App {}

    /** Spring Security is there and lets everybody in: the common case of an application that secures other things. */
    @Configuration(proxyBeanMethods = false)
    static class OpenServlet {

        @Bean
        SecurityFilterChain open(HttpSecurity http) {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .httpBasic(withDefaults())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OpenReactive {

        /** Netty would wait for two seconds whether anybody else wants something of it. */
        @Bean
        ReactorResourceFactory reactorResources() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setShutdownQuietPeriod(Duration.ZERO);
            return resources;
        }

        @Bean
        SecurityWebFilterChain open(ServerHttpSecurity http) {
            return http.authorizeExchange(requests -> requests.anyExchange().permitAll())
                    .csrf(csrf -> csrf.disable())
                    .httpBasic(withDefaults())
                    .build();
        }
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public int port() {
        return Integer.parseInt(context.getEnvironment().getProperty("local.server.port"));
    }

    public McpSyncClient connect(UnaryOperator<McpClient.SyncSpec> settings) {
        var transport = HttpClientStreamableHttpTransport.builder("http://localhost:" + port())
                .build();
        McpSyncClient client = settings.apply(McpClient.sync(transport)).build();
        client.initialize();
        return client;
    }

    public McpSyncClient connectBySse() {
        var transport = HttpClientSseClientTransport.builder("http://localhost:" + port())
                .build();
        McpSyncClient client = McpClient.sync(transport).build();
        client.initialize();
        return client;
    }

    public McpSyncClient connect() {
        return connect(spec -> spec);
    }

    public static CallToolResult call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        return client.callTool(new CallToolRequest(tool, arguments, null));
    }

    public static String text(CallToolResult result) {
        return ((TextContent) result.content().get(0)).text();
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> structured(CallToolResult result) {
        return (Map<String, Object>) result.structuredContent();
    }

    public void stop() {
        context.stop();
    }

    public void start() {
        context.start();
    }

    /** As Spring's tests do with a context that another test class may need later. */
    public void pause() {
        context.pause();
    }

    public void goOn() {
        context.restart();
    }

    @Override
    public void close() {
        context.close();
    }
}
