package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.doubles.MutableClock;
import io.asyncmcp.server.PrincipalOwnerResolver;
import io.asyncmcp.server.question.InputAnswers;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SilenceTests {

    private static final Duration HEARTBEAT = Duration.ofSeconds(3);

    private static final JSONRPCNotification PROGRESS =
            new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_PROGRESS, Map.of());

    private static final JSONRPCNotification LOG =
            new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_MESSAGE, Map.of());

    private final ManualTimer timer = new ManualTimer();

    private final MutableClock clock = new MutableClock();

    private final AsyncExecutor executor = AsyncExecutor.builder().build();

    private final InputAnswers answers = new InputAnswers(executor, new PrincipalOwnerResolver(false), 1_000);

    private final RequestMemory memory = new RequestMemory(ExecutorConfig.DEFAULTS.limits());

    private final Holding held = new Holding();

    private final Wire wire = new Wire();

    private int silences;

    @AfterEach
    void shutDown() {
        executor.close();
    }

    private void pass(Duration time) {
        clock.advance(time);
        timer.advance(time);
    }

    private AsyncServerTransportProvider stdio() {
        return AsyncServerTransportProvider.stdio(
                wire, answers, memory, Runnable::run, new Dialects(List.of(held)), HEARTBEAT, timer, clock);
    }

    private RequestStream request(AsyncServerTransportProvider provider) {
        provider.setSessionFactory(
                transport -> new McpServerSession("session", HEARTBEAT, transport, null, Map.of(), Map.of()));
        wire.session.handle(new JSONRPCRequest("test/hold", 1, Map.of())).block();
        return held.stream;
    }

    private Runnable look(RequestStream stream) {
        return stream.whenSilent(() -> silences++);
    }

    @Test
    void silenceIsNoticedAgainAndAgain() {
        look(request(stdio()));
        pass(HEARTBEAT.minusMillis(1));
        assertThat(silences).isZero();
        pass(Duration.ofMillis(1));
        assertThat(silences).isEqualTo(1);
        pass(HEARTBEAT);
        assertThat(silences).isEqualTo(2);
    }

    @Test
    void progressBeginsTheSilenceAnewAndNothingElseDoes() {
        RequestStream stream = request(stdio());
        look(stream);
        pass(Duration.ofSeconds(2));
        stream.send(PROGRESS);
        pass(Duration.ofSeconds(2));
        stream.send(LOG);
        assertThat(silences).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(silences).isEqualTo(1);
        assertThat(wire.sent).containsExactly(PROGRESS, LOG);
    }

    @Test
    void nobodyIsLookedAfterWhoHasNotAsked() {
        request(stdio());
        assertThat(timer.pending()).isZero();
    }

    @Test
    void nobodyLooksAnyMoreOnceItIsEnded() {
        Runnable end = look(request(stdio()));
        end.run();
        assertThat(timer.pending()).isZero();
        pass(HEARTBEAT);
        assertThat(silences).isZero();
    }

    @Test
    void actionMayEndIt() {
        List<Runnable> end = new ArrayList<>();
        end.add(request(stdio()).whenSilent(() -> {
            silences++;
            end.get(0).run();
        }));
        pass(HEARTBEAT);
        assertThat(timer.pending()).isZero();
        assertThat(silences).isEqualTo(1);
    }

    @Test
    void nobodyLooksAfterTheReply() {
        look(request(stdio()));
        held.result.complete(Map.of());
        assertThat(wire.sent).hasSize(1).first().isInstanceOf(JSONRPCResponse.class);
        assertThat(timer.pending()).isZero();
    }

    @Test
    void nobodyLooksWhereTheRequestIsGivenUp() {
        look(request(stdio()));
        wire.session
                .handle(new JSONRPCNotification("notifications/cancelled", Map.of("requestId", 1)))
                .block();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void nobodyLooksWhereTheClientHasGone() {
        look(request(stdio()));
        wire.session.close();
        assertThat(timer.pending()).isZero();
    }

    @Test
    void closedTransportTakesTheTimerWithIt() {
        AsyncServerTransportProvider stdio = stdio();
        RequestStream stream = request(stdio);
        stdio.close();
        assertThat(timer.isShutdown()).isTrue();
        look(stream).run();
    }

    @Test
    void transportWithCommentsIsNeverSilent() {
        look(request(AsyncServerTransportProvider.sse(
                wire,
                answers,
                memory,
                Runnable::run,
                new Dialects(List.of(held)),
                new SessionOwners(new PrincipalOwnerResolver(false)))));
        assertThat(timer.pending()).isZero();
    }

    /** Takes every request, and answers when it is told to. */
    private static final class Holding implements Dialect {

        final CompletableFuture<Object> result = new CompletableFuture<>();

        @Nullable
        RequestStream stream;

        @Override
        public Handling handle(IncomingRequest request) {
            stream = request.stream();
            return new Handling() {
                @Override
                public boolean answers() {
                    return true;
                }

                @Override
                public CompletionStage<?> result() {
                    return result;
                }
            };
        }

        @Override
        public void initialized(Map<String, Object> result, McpTransportContext context, boolean onlyClient) {}
    }

    private static final class Wire implements McpServerTransportProvider, McpServerTransport {

        final List<JSONRPCMessage> sent = new ArrayList<>();

        McpServerSession session;

        @Override
        public void setSessionFactory(McpServerSession.Factory factory) {
            session = factory.create(this);
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            return Mono.fromRunnable(() -> sent.add(message));
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
            return McpJsonDefaults.getMapper().convertValue(data, type);
        }

        @Override
        public Mono<Void> notifyClients(String method, Object params) {
            return Mono.empty();
        }

        @Override
        public List<String> protocolVersions() {
            return List.of("2025-11-25");
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }

        @Override
        public void close() {}
    }
}
