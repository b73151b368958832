package io.asyncmcp.autoconfigure.transport;

import static io.asyncmcp.autoconfigure.transport.TestServer.call;
import static io.asyncmcp.autoconfigure.transport.TestServer.structured;
import static io.asyncmcp.autoconfigure.transport.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncmcp.autoconfigure.owner.Users;
import io.asyncmcp.server.AsyncTool;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.web.McpHttpEndpoint;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxStatelessServerTransport;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxStreamableServerTransportProvider;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcStatelessServerTransport;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcStreamableServerTransportProvider;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Asynchronous tools on a transport that the application has made of Spring AI's, in the place of our endpoint. */
class OwnTransportIT {

    enum Own {
        STREAMABLE_WEBMVC(WebApplicationType.SERVLET, "STREAMABLE", StreamableWebMvc.class),
        STREAMABLE_WEBFLUX(WebApplicationType.REACTIVE, "STREAMABLE", StreamableWebFlux.class),
        STATELESS_WEBMVC(WebApplicationType.SERVLET, "STATELESS", StatelessWebMvc.class),
        STATELESS_WEBFLUX(WebApplicationType.REACTIVE, "STATELESS", StatelessWebFlux.class);

        private final WebApplicationType web;

        private final String protocol;

        private final Class<?> transport;

        Own(WebApplicationType web, String protocol, Class<?> transport) {
            this.web = web;
            this.protocol = protocol;
            this.transport = transport;
        }

        TestServer start() {
            return TestServer.start(
                    web,
                    Tools.class,
                    List.of(transport, Users.on(web).get(0)),
                    "spring.ai.mcp.server.protocol=" + protocol);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StreamableWebMvc {

        @Bean
        WebMvcStreamableServerTransportProvider transportOfTheApplication() {
            return WebMvcStreamableServerTransportProvider.builder()
                    .mcpEndpoint("/mcp")
                    .contextExtractor(request -> McpTransportContext.create(
                            PrincipalContext.of(request.principal().orElse(null))))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StreamableWebFlux {

        @Bean
        WebFluxStreamableServerTransportProvider transportOfTheApplication() {
            return WebFluxStreamableServerTransportProvider.builder()
                    .messageEndpoint("/mcp")
                    .contextExtractor(request -> McpTransportContext.create(PrincipalContext.of(request.principal())))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StatelessWebMvc {

        @Bean
        WebMvcStatelessServerTransport transportOfTheApplication() {
            return WebMvcStatelessServerTransport.builder()
                    .messageEndpoint("/mcp")
                    .contextExtractor(request -> McpTransportContext.create(
                            PrincipalContext.of(request.principal().orElse(null))))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class StatelessWebFlux {

        @Bean
        WebFluxStatelessServerTransport transportOfTheApplication() {
            return WebFluxStatelessServerTransport.builder()
                    .messageEndpoint("/mcp")
                    .contextExtractor(request -> McpTransportContext.create(PrincipalContext.of(request.principal())))
                    .build();
        }
    }

    static class Tools {

        private final CountDownLatch gate = new CountDownLatch(1);

        @AsyncTool(name = "quick", timeout = "10s")
        String quick(String name) {
            return "done: " + name;
        }

        @AsyncTool(name = "slow", timeout = "200ms")
        String slow(String name) throws InterruptedException {
            gate.await(30, TimeUnit.SECONDS);
            return "done at last: " + name;
        }
    }

    @ParameterizedTest
    @EnumSource
    void slowToolGetsAHandleAndItsResultIsBroughtByTheWayBack(Own own) {
        try (TestServer server = own.start();
                McpSyncClient alice = Users.connect(server, "alice");
                McpSyncClient bob = Users.connect(server, "bob")) {
            assertThatThrownBy(() -> server.bean(McpHttpEndpoint.class))
                    .isInstanceOf(NoSuchBeanDefinitionException.class);
            CallToolResult quick = call(alice, "quick", Map.of("name", "a"));
            assertThat(text(quick)).isEqualTo("done: a");
            assertThat(quick.isError()).isNotEqualTo(true);

            CallToolResult processing = call(alice, "slow", Map.of("name", "b"));
            assertThat(structured(processing))
                    .containsEntry("status", "processing")
                    .containsEntry("operation_type", "slow");
            Map<String, Object> way =
                    Map.of("operation_id", structured(processing).get("operation_id"), "wait_time", 1);
            assertThat(structured(call(alice, "continue_operation", way))).containsEntry("status", "processing");

            server.bean(Tools.class).gate.countDown();
            assertThat(text(call(alice, "continue_operation", way))).isEqualTo("done at last: b");
            assertThat(text(call(bob, "continue_operation", way)))
                    .as("of somebody else")
                    .contains("No operation is known");
        }
    }
}
