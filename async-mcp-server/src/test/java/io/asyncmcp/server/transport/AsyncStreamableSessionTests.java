package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecutorConfig;
import io.asyncmcp.server.PrincipalOwnerResolver;
import io.asyncmcp.server.question.InputAnswers;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionStream;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class AsyncStreamableSessionTests {

    private static final int RACES = 20_000;

    private final AsyncExecutor executor = AsyncExecutor.builder().build();

    private final ListeningStreams all = new ListeningStreams(Runnable::run);

    private final AsyncStreamableSession session = session();

    private AsyncStreamableSession session() {
        McpStreamableServerSession sdk = new McpStreamableServerSession(
                "session",
                McpSchema.ClientCapabilities.builder().build(),
                McpSchema.Implementation.builder("client", "1").build(),
                Duration.ofSeconds(1),
                Map.of(),
                Map.of());
        return new AsyncStreamableSession(
                sdk,
                new InputAnswers(executor, new PrincipalOwnerResolver(false), 1_000),
                new RequestMemory(ExecutorConfig.DEFAULTS.limits()),
                Runnable::run,
                new Dialects(List.of()),
                all);
    }

    @AfterEach
    void shutDown() {
        executor.close();
    }

    private void tell(AsyncStreamableSession whom) {
        whom.sendNotification("notifications/message", null).block();
    }

    private boolean hears(Wire wire) {
        int before = wire.messages.size();
        tell(session);
        return wire.messages.size() > before;
    }

    @Test
    void latestOfTheStreamsThatAreOpenHearsOfEverything() {
        Wire first = new Wire();
        Wire second = new Wire();
        Wire third = new Wire();
        session.listeningStream(first);
        McpStreamableServerSessionStream closedLast = session.listeningStream(second);
        McpStreamableServerSessionStream closedFirst = session.listeningStream(third);
        assertThat(hears(third)).isTrue();
        closedFirst.close();
        assertThat(hears(second)).isTrue();
        closedLast.close();
        assertThat(hears(first)).isTrue();
        assertThat(session.client().listening()).isNotNull();
        assertThat(third.messages).hasSize(1);
        assertThat(second.messages).hasSize(1);
    }

    @Test
    void streamThatIsClosedBeforeTheLatestChangesNothing() {
        Wire first = new Wire();
        Wire second = new Wire();
        McpStreamableServerSessionStream closed = session.listeningStream(first);
        session.listeningStream(second);
        closed.closeGracefully().block();
        assertThat(hears(second)).isTrue();
        assertThat(first.messages).isEmpty();
    }

    @Test
    void nobodyHearsWhereTheClientDoesNotListen() {
        assertThatIllegalStateException().isThrownBy(() -> tell(session));
        session.listeningStream(new Wire()).close();
        assertThatIllegalStateException().isThrownBy(() -> tell(session));
        assertThat(session.client().listening()).isNull();
    }

    @Test
    void allStreamsEndWithTheSession() {
        Wire first = new Wire();
        Wire second = new Wire();
        session.listeningStream(first);
        session.listeningStream(second);
        session.closeGracefully().block();
        assertThat(List.of(first.closed, second.closed)).containsExactly(true, true);
    }

    @Test
    void streamThatTheServerEndsIsNotListenedOnAnyMore() {
        session.listeningStream(new Wire());
        all.end();
        assertThat(session.client().listening()).isNull();
        all.restart();
        Wire next = new Wire();
        session.listeningStream(next);
        assertThat(hears(next)).isTrue();
    }

    @Test
    void oneThatStaysOpenHearsWhateverOthersDoAtTheSameTime() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < RACES; i++) {
                AsyncStreamableSession raced = session();
                Wire stays = new Wire();
                raced.listeningStream(stays);
                McpStreamableServerSessionStream one = raced.listeningStream(new Wire());
                McpStreamableServerSessionStream other = raced.listeningStream(new Wire());
                CyclicBarrier start = new CyclicBarrier(2);
                List<Future<?>> ends = new ArrayList<>();
                for (McpStreamableServerSessionStream stream : List.of(one, other)) {
                    ends.add(threads.submit(() -> {
                        start.await();
                        stream.close();
                        return null;
                    }));
                }
                for (Future<?> end : ends) {
                    end.get();
                }
                tell(raced);
                assertThat(stays.messages).hasSize(1);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static final class Wire implements McpStreamableServerTransport {

        private final List<JSONRPCMessage> messages = new CopyOnWriteArrayList<>();

        private volatile boolean closed;

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            return Mono.fromRunnable(() -> messages.add(message));
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
            return sendMessage(message);
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
            return McpJsonDefaults.getMapper().convertValue(data, type);
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.fromRunnable(this::close);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
