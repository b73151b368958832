package io.asyncmcp.server.transport;

import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.security.Principal;
import java.util.List;
import java.util.Map;
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

    /** What is known of every caller, whatever the transport says. */
    private final Map<String, Object> callers;

    private AsyncServerTransportProvider(
            McpServerTransportProvider provider, InputAnswers answers, Executor delivery, Map<String, Object> callers) {
        this.provider = provider;
        this.answers = answers;
        this.delivery = delivery;
        this.callers = callers;
    }

    /**
     * Wraps the stdio transport, whose one caller is whoever started the process.
     *
     * @param provider the transport
     * @param answers takes the client's answers
     * @param delivery the threads that write to the client
     * @return the wrapped transport
     */
    public static AsyncServerTransportProvider stdio(
            McpServerTransportProvider provider, InputAnswers answers, Executor delivery) {
        return new AsyncServerTransportProvider(provider, answers, delivery, PrincipalContext.of((Principal) null));
    }

    /**
     * Wraps an SSE transport.
     *
     * @param provider the transport
     * @param answers takes the client's answers
     * @param delivery the threads that write to clients
     * @return the wrapped transport
     */
    public static AsyncServerTransportProvider sse(
            McpServerTransportProvider provider, InputAnswers answers, Executor delivery) {
        return new AsyncServerTransportProvider(provider, answers, delivery, Map.of());
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory factory) {
        provider.setSessionFactory(transport -> {
            SessionTransport shared = new SessionTransport(transport, delivery);
            return new AsyncServerSession(factory.create(shared), shared, answers, callers);
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
