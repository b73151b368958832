package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.util.List;
import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;

/**
 * Wraps a transport with one stream per client, stdio or the deprecated SSE, so that no thread waits for an operation.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class AsyncServerTransportProvider implements McpServerTransportProvider {

    private final McpServerTransportProvider provider;

    private final InputAnswers answers;

    private final Executor delivery;

    /**
     * Wraps a transport.
     *
     * @param provider the transport
     * @param answers takes the client's answers
     * @param delivery the threads that write to clients
     */
    public AsyncServerTransportProvider(McpServerTransportProvider provider, InputAnswers answers, Executor delivery) {
        this.provider = provider;
        this.answers = answers;
        this.delivery = delivery;
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory factory) {
        provider.setSessionFactory(transport -> {
            SessionTransport shared = new SessionTransport(transport, delivery);
            return new AsyncServerSession(factory.create(shared), shared, answers);
        });
    }

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return provider.notifyClients(method, params);
    }

    @Override
    public Mono<Void> notifyClient(String sessionId, String method, Object params) {
        return provider.notifyClient(sessionId, method, params);
    }

    @Override
    public List<String> protocolVersions() {
        return provider.protocolVersions();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return provider.closeGracefully();
    }

    @Override
    public void close() {
        provider.close();
    }
}
