package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.question.InputAnswers;
import io.asyncmcp.server.transport.AsyncServerTransportProvider;
import io.asyncmcp.server.transport.AsyncStatelessTransport;
import io.asyncmcp.server.transport.AsyncStreamableTransportProvider;
import io.asyncmcp.server.transport.DeliveryThreads;
import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.RequestMemory;
import io.asyncmcp.server.transport.SessionOwners;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import java.util.stream.Stream;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerStatelessAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * Auto-configuration that wraps the server's HTTP transport, whichever it is, so that no thread waits for an operation.
 *
 * <p>The router function needs Spring AI's own bean, so that the wrapper stands beside it as the primary one.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
        after = AsyncMcpServerAutoConfiguration.class,
        afterName = {
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerSseWebMvcAutoConfiguration",
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerSseWebFluxAutoConfiguration"
        },
        before = {McpServerAutoConfiguration.class, McpServerStatelessAutoConfiguration.class},
        beforeName = {
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStreamableHttpWebMvcAutoConfiguration",
            "org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStatelessWebMvcAutoConfiguration",
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStreamableHttpWebFluxAutoConfiguration",
            "org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStatelessWebFluxAutoConfiguration"
        })
@ConditionalOnClass(McpServerAutoConfiguration.class)
@ConditionalOnBean(InputAnswers.class)
public final class AsyncMcpTransportAutoConfiguration {

    @Bean(destroyMethod = "")
    @Primary
    @ConditionalOnSingleCandidate(McpStreamableServerTransportProvider.class)
    AsyncStreamableTransportProvider asyncMcpStreamableTransport(
            McpStreamableServerTransportProvider provider,
            InputAnswers answers,
            RequestMemory memory,
            DeliveryThreads delivery,
            Dialects dialects,
            SessionOwners owners) {
        return new AsyncStreamableTransportProvider(provider, answers, memory, delivery.executor(), dialects, owners);
    }

    @Bean(destroyMethod = "")
    @Primary
    @ConditionalOnSingleCandidate(McpServerTransportProvider.class)
    AsyncServerTransportProvider asyncMcpSseTransport(
            McpServerTransportProvider provider,
            InputAnswers answers,
            RequestMemory memory,
            DeliveryThreads delivery,
            Dialects dialects,
            SessionOwners owners) {
        // A stdio transport of the application's own has been wrapped by the post-processor already.
        return provider instanceof AsyncServerTransportProvider wrapped
                ? wrapped
                : AsyncServerTransportProvider.sse(provider, answers, memory, delivery.executor(), dialects, owners);
    }

    @Bean(destroyMethod = "")
    @Primary
    @ConditionalOnSingleCandidate(McpStatelessServerTransport.class)
    AsyncStatelessTransport asyncMcpStatelessTransport(
            McpStatelessServerTransport transport, RequestMemory memory, Dialects dialects) {
        return new AsyncStatelessTransport(transport, memory, dialects);
    }

    @Bean
    ListeningLifecycle asyncMcpListeningLifecycle(
            ObjectProvider<AsyncStreamableTransportProvider> streamable,
            ObjectProvider<AsyncServerTransportProvider> singleStream) {
        return new ListeningLifecycle(Stream.concat(
                        streamable.stream().map(AsyncStreamableTransportProvider::listening),
                        singleStream.stream().map(AsyncServerTransportProvider::listening))
                .toList());
    }
}
