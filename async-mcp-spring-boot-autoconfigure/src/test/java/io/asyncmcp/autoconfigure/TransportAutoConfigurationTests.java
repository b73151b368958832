package io.asyncmcp.autoconfigure;

import static io.asyncmcp.autoconfigure.ContextRunners.SSE;
import static io.asyncmcp.autoconfigure.ContextRunners.STATELESS;
import static io.asyncmcp.autoconfigure.ContextRunners.STREAMABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.transport.AsyncServerTransportProvider;
import io.asyncmcp.server.transport.AsyncStatelessTransport;
import io.asyncmcp.server.transport.AsyncStreamableTransportProvider;
import io.asyncmcp.web.SseHttpEndpoint;
import io.asyncmcp.web.StatelessHttpEndpoint;
import io.asyncmcp.web.StreamableHttpEndpoint;
import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxSseServerTransportProvider;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxStatelessServerTransport;
import org.springframework.ai.mcp.server.webflux.transport.WebFluxStreamableServerTransportProvider;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcSseServerTransportProvider;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcStatelessServerTransport;
import org.springframework.ai.mcp.server.webmvc.transport.WebMvcStreamableServerTransportProvider;
import org.springframework.context.ConfigurableApplicationContext;

/** Exactly one transport, wrapped, with one router function, whatever the protocol and the web. */
@SuppressWarnings("removal")
class TransportAutoConfigurationTests {

    private static final Class<?>[] TRANSPORTS = {
        SseHttpEndpoint.class,
        StatelessHttpEndpoint.class,
        StreamableHttpEndpoint.class,
        WebFluxSseServerTransportProvider.class,
        WebFluxStatelessServerTransport.class,
        WebFluxStreamableServerTransportProvider.class,
        WebMvcSseServerTransportProvider.class,
        WebMvcStatelessServerTransport.class,
        WebMvcStreamableServerTransportProvider.class
    };

    private static void only(
            ConfigurableApplicationContext context, Class<?> transport, Class<?> wrapper, Class<?> routerFunction) {
        assertThat(Arrays.stream(TRANSPORTS).filter(type -> context.getBeanNamesForType(type).length > 0))
                .containsExactly(transport);
        assertThat(context.getBeansOfType(transport)).hasSize(1);
        assertThat(context.getBeansOfType(routerFunction)).hasSize(1);
        Object primary = wrapper == AsyncStatelessTransport.class
                ? context.getBean(McpStatelessServerTransport.class)
                : context.getBean(McpServerTransportProviderBase.class);
        assertThat(primary).isInstanceOf(wrapper);
    }

    @Test
    void webMvc() {
        Class<?> router = org.springframework.web.servlet.function.RouterFunction.class;
        ContextRunners.webMvc()
                .withPropertyValues(STREAMABLE)
                .run(context ->
                        only(context, StreamableHttpEndpoint.class, AsyncStreamableTransportProvider.class, router));
        ContextRunners.webMvc()
                .withPropertyValues(STATELESS)
                .run(context -> only(context, StatelessHttpEndpoint.class, AsyncStatelessTransport.class, router));
        ContextRunners.webMvc()
                .withPropertyValues(SSE)
                .run(context -> only(context, SseHttpEndpoint.class, AsyncServerTransportProvider.class, router));
    }

    @Test
    void webFlux() {
        Class<?> router = org.springframework.web.reactive.function.server.RouterFunction.class;
        ContextRunners.webFlux()
                .withPropertyValues(STREAMABLE)
                .run(context ->
                        only(context, StreamableHttpEndpoint.class, AsyncStreamableTransportProvider.class, router));
        ContextRunners.webFlux()
                .withPropertyValues(STATELESS)
                .run(context -> only(context, StatelessHttpEndpoint.class, AsyncStatelessTransport.class, router));
        ContextRunners.webFlux()
                .withPropertyValues(SSE)
                .run(context -> only(context, SseHttpEndpoint.class, AsyncServerTransportProvider.class, router));
    }

    @Test
    void transportOfTheApplicationIsWrappedToo() {
        ContextRunners.plain()
                .run(context -> assertThat(context.getBean(McpServerTransportProviderBase.class))
                        .isInstanceOf(AsyncServerTransportProvider.class));
        ContextRunners.webMvc()
                .withPropertyValues(STREAMABLE)
                .withBean(
                        "own",
                        WebMvcStreamableServerTransportProvider.class,
                        () -> WebMvcStreamableServerTransportProvider.builder()
                                .mcpEndpoint("/own")
                                .build())
                .run(context -> {
                    assertThat(context).hasSingleBean(WebMvcStreamableServerTransportProvider.class);
                    assertThat(context.getBean(McpServerTransportProviderBase.class))
                            .isInstanceOf(AsyncStreamableTransportProvider.class);
                });
    }

    @Test
    void offWithTheServer() {
        for (String property : new String[] {"async.mcp.enabled=false", "spring.ai.mcp.server.enabled=false"}) {
            ContextRunners.webMvc()
                    .withPropertyValues(STREAMABLE, property)
                    .run(TransportAutoConfigurationTests::isPlain);
            ContextRunners.webFlux()
                    .withPropertyValues(STREAMABLE, property)
                    .run(TransportAutoConfigurationTests::isPlain);
        }
    }

    private static void isPlain(ConfigurableApplicationContext context) {
        assertThat(context.isActive()).isTrue();
        assertThat(context.getBeansOfType(AsyncStreamableTransportProvider.class))
                .isEmpty();
    }
}
