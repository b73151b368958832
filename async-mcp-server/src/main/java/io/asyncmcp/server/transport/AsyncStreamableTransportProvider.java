package io.asyncmcp.server.transport;

import io.asyncmcp.server.question.InputAnswers;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionInit;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import io.modelcontextprotocol.util.Assert;
import java.util.List;
import java.util.concurrent.Executor;
import reactor.core.publisher.Mono;

/**
 * Wraps a Streamable HTTP transport, on WebMVC or WebFlux, so that no thread waits for an operation.
 *
 * <p>Thread-safe.
 *
 * @since 0.1.0
 */
public final class AsyncStreamableTransportProvider implements McpStreamableServerTransportProvider {

    private final McpStreamableServerTransportProvider provider;

    private final InputAnswers answers;

    private final RequestMemory memory;

    private final Executor delivery;

    private final Dialects dialects;

    private final SessionOwners owners;

    private final ListeningStreams listening;

    /**
     * Wraps a transport.
     *
     * @param provider the transport
     * @param answers takes the client's answers
     * @param memory what requests may take up that are not answered yet
     * @param delivery the threads that write to clients
     * @param dialects what is understood besides the SDK's protocol
     * @param owners says whose a session is
     */
    public AsyncStreamableTransportProvider(
            McpStreamableServerTransportProvider provider,
            InputAnswers answers,
            RequestMemory memory,
            Executor delivery,
            Dialects dialects,
            SessionOwners owners) {
        this.provider = provider;
        this.answers = answers;
        this.memory = memory;
        this.delivery = delivery;
        this.dialects = dialects;
        this.owners = owners;
        this.listening = new ListeningStreams(delivery);
    }

    @Override
    public void setSessionFactory(McpStreamableServerSession.Factory factory) {
        dialects.attached(SdkServers.streamable(factory, protocolVersions()));
        provider.setSessionFactory(request -> {
            // The transports answer this exception, and no other one, as the client's mistake.
            Assert.notNull(request, "initialize must have params");
            Assert.isTrue(!RequestRules.isMisfit(request), RequestRules.MISFIT);
            McpStreamableServerSessionInit init = factory.startSession(SdkLogs.printable(request));
            AsyncStreamableSession session =
                    new AsyncStreamableSession(init.session(), answers, memory, delivery, dialects, listening);
            session.client().introduces(request.clientInfo(), request.capabilities());
            owners.opened(session.getId(), session);
            return new McpStreamableServerSessionInit(
                    session,
                    init.initResult().doOnNext(result -> session.client().speaks(result.protocolVersion())));
        });
    }

    /** Returns the streams on which clients listen between their requests. */
    public ListeningStreams listening() {
        return listening;
    }

    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return Mono.defer(() -> {
            dialects.broadcast(method, params);
            return provider.notifyClients(method, params);
        });
    }

    @Override
    public Mono<Void> notifyClient(String sessionId, String method, Object params) {
        return Mono.defer(() -> dialects.notified(sessionId, method, params)
                ? Mono.empty()
                : provider.notifyClient(sessionId, method, params));
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
