package io.asyncmcp.server.transport;

import com.github.benmanes.caffeine.cache.Ticker;
import io.asyncmcp.server.question.InputAnswers;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
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

    private final RequestMemory memory;

    private final Executor delivery;

    private final Dialects dialects;

    /** {@code null} if there is one client and no other, whatever the transport says of it. */
    private final @Nullable SessionOwners owners;

    /** {@code null} if the transport has comments. */
    private final @Nullable Silence silence;

    private final ListeningStreams listening;

    private AsyncServerTransportProvider(
            McpServerTransportProvider provider,
            InputAnswers answers,
            RequestMemory memory,
            Executor delivery,
            Dialects dialects,
            @Nullable SessionOwners owners,
            @Nullable Silence silence) {
        this.provider = provider;
        this.answers = answers;
        this.memory = memory;
        this.delivery = delivery;
        this.dialects = dialects;
        this.owners = owners;
        this.silence = silence;
        this.listening = new ListeningStreams(delivery);
    }

    /**
     * Wraps the stdio transport, whose one caller has started the process. It has no comments: progress shows that a request is
     * still there.
     *
     * @param provider the transport
     * @param answers takes the client's answers
     * @param memory what requests may take up that are not answered yet
     * @param delivery the threads that write to the client
     * @param dialects what is understood besides the SDK's protocol
     * @param heartbeatInterval how long a request with a progress token may be without progress
     * @param timer looks for that; shut down with the transport
     * @param ticker measures it
     * @return the wrapped transport
     */
    public static AsyncServerTransportProvider stdio(
            McpServerTransportProvider provider,
            InputAnswers answers,
            RequestMemory memory,
            Executor delivery,
            Dialects dialects,
            Duration heartbeatInterval,
            ScheduledExecutorService timer,
            Ticker ticker) {
        return new AsyncServerTransportProvider(
                provider, answers, memory, delivery, dialects, null, new Silence(heartbeatInterval, timer, ticker));
    }

    /**
     * Wraps an SSE transport.
     *
     * @param provider the transport
     * @param answers takes the client's answers
     * @param memory what requests may take up that are not answered yet
     * @param delivery the threads that write to clients
     * @param dialects what is understood besides the SDK's protocol
     * @param owners says whose a session is
     * @return the wrapped transport
     */
    public static AsyncServerTransportProvider sse(
            McpServerTransportProvider provider,
            InputAnswers answers,
            RequestMemory memory,
            Executor delivery,
            Dialects dialects,
            SessionOwners owners) {
        return new AsyncServerTransportProvider(provider, answers, memory, delivery, dialects, owners, null);
    }

    @Override
    public void setSessionFactory(McpServerSession.Factory factory) {
        dialects.attached(SdkServers.singleStream(factory, protocolVersions()));
        provider.setSessionFactory(transport -> {
            if (owners != null) {
                listening.opened(transport);
            }
            SessionTransport shared = new SessionTransport(transport, delivery, silence);
            McpServerSession session =
                    new AsyncServerSession(factory.create(shared), shared, answers, memory, dialects, owners);
            if (owners != null) {
                owners.opened(session.getId(), session);
            }
            return session;
        });
    }

    /**
     * Returns the streams of the sessions, which are where their clients listen. The one of stdio is not among them: it is as
     * long as the process.
     *
     * @return the streams
     */
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
        return provider.closeGracefully().doFinally(end -> endSilence());
    }

    @Override
    public void close() {
        provider.close();
        endSilence();
    }

    private void endSilence() {
        if (silence != null) {
            silence.close();
        }
    }
}
