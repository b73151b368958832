package io.asyncmcp.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.AsyncExecutor;
import io.asyncmcp.ExecuteOptions;
import io.asyncmcp.OperationContext;
import io.asyncmcp.doubles.ManualTimer;
import io.asyncmcp.server.transport.ClientSession;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListeningQuestionsTests {

    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final AsyncExecutor executor = AsyncExecutor.builder().build();

    private final CompletableFuture<OperationContext> body = new CompletableFuture<>();

    private final String id = executor.submit(
                    context -> {
                        body.complete(context);
                        return new CompletableFuture<>();
                    },
                    ExecuteOptions.ofType("asks"))
            .requireId();

    private final ManualTimer timer = new ManualTimer();

    private final Session session = new Session();

    private final ListeningQuestions.Asking asking =
            new ListeningQuestions(executor, tool -> MOMENT, timer).of(id, session);

    @BeforeEach
    void ask() {
        ask("name");
    }

    @AfterEach
    void close() {
        executor.close();
    }

    private void ask(String key) {
        body.join()
                .requestInput(
                        key,
                        "elicitation/create",
                        Map.of("message", key, "requestedSchema", Map.of("type", "object", "properties", Map.of())));
    }

    /** The operation has news, and the moment goes by in which somebody may come for it. */
    private void changedAndNobodyCame() {
        asking.changed(executor.find(id, null));
        timer.advance(MOMENT);
    }

    @Test
    void questionGoesOutOnceNobodyHasComeForIt() {
        Stream stream = session.listens();
        asking.changed(executor.find(id, null));
        timer.advance(MOMENT.minusMillis(1));
        assertThat(stream.questions).isEmpty();
        timer.advance(Duration.ofMillis(1));
        assertThat(stream.questions).containsExactly("name");
        timer.advance(MOMENT.multipliedBy(3));
        assertThat(stream.questions).hasSize(1);
    }

    @Test
    void questionWaitsForAClientThatListens() {
        changedAndNobodyCame();
        Stream stream = session.listens();
        timer.advance(MOMENT);
        assertThat(stream.questions).containsExactly("name");
    }

    @Test
    void questionOfAStreamThatIsClosedIsAskedOnTheNext() {
        Stream first = session.listens();
        changedAndNobodyCame();
        Stream second = session.listens();
        first.close();
        changedAndNobodyCame();
        assertThat(first.questions).containsExactly("name");
        assertThat(second.questions).containsExactly("name");
    }

    @Test
    void questionIsNotLostWithAStreamThatIsClosedBeforeItIsSeen() {
        session.listens().close();
        changedAndNobodyCame();
        Stream second = session.listens();
        timer.advance(MOMENT);
        assertThat(second.questions).containsExactly("name");
    }

    @Test
    void questionThatComesWhileALookIsUnderWayIsAskedToo() {
        Stream stream = session.listens();
        stream.whenSent = () -> {
            stream.whenSent = () -> {};
            ask("age");
            asking.changed(executor.find(id, null));
        };
        changedAndNobodyCame();
        timer.advance(MOMENT);
        assertThat(stream.questions).containsExactly("name", "age");
    }

    @Test
    void streamThatFailsIsTriedAgain() {
        Stream stream = session.listens();
        session.fails = true;
        changedAndNobodyCame();
        assertThat(stream.questions).isEmpty();
        session.fails = false;
        timer.advance(MOMENT);
        assertThat(stream.questions).containsExactly("name");
    }

    @Test
    void nothingIsAskedOnceTheTaskOrItsSessionHasEnded() {
        Stream stream = session.listens();
        asking.end();
        changedAndNobodyCame();
        assertThat(stream.questions).isEmpty();
        assertThat(timer.pending()).isZero();
    }

    private static final class Stream implements ClientSession.Listening {

        private final List<String> questions = new ArrayList<>();

        private final List<Runnable> atClose = new ArrayList<>();

        private Runnable whenSent = () -> {};

        private boolean closed;

        void close() {
            closed = true;
            List.copyOf(atClose).forEach(Runnable::run);
        }

        @Override
        public void send(JSONRPCMessage message) {
            assertThat(closed).isFalse();
            questions.add(String.valueOf(((Map<?, ?>) ((JSONRPCRequest) message).params()).get("message")));
            whenSent.run();
        }

        @Override
        public Runnable atClose(Runnable action) {
            if (closed) {
                action.run();
                return () -> {};
            }
            atClose.add(action);
            return () -> atClose.remove(action);
        }
    }

    private static final class Session implements ClientSession {

        private @Nullable Stream stream;

        private boolean fails;

        Stream listens() {
            Stream opened = new Stream();
            stream = opened;
            return opened;
        }

        @Override
        public @Nullable Listening listening() {
            if (fails) {
                throw new IllegalStateException("broken");
            }
            return stream;
        }

        @Override
        public ClientCapabilities capabilities() {
            return ClientCapabilities.builder().elicitation().build();
        }

        @Override
        public Executor delivery() {
            return Runnable::run;
        }

        @Override
        public String id() {
            return "session";
        }

        @Override
        public String protocolVersion() {
            return "2025-11-25";
        }

        @Override
        public @Nullable Implementation info() {
            return null;
        }

        @Override
        public boolean isOnlyClient() {
            return false;
        }

        @Override
        public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
            return false;
        }

        @Override
        public void notify(String method, @Nullable Object params) {}

        @Override
        public Runnable atEnd(Runnable action) {
            return () -> {};
        }
    }
}
