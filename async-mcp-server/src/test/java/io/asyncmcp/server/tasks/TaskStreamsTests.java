package io.asyncmcp.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.asyncmcp.server.transport.RequestStream;
import io.micrometer.context.ContextSnapshot;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskStreamsTests {

    private static final JSONRPCNotification MESSAGE = new JSONRPCNotification("notifications/tasks/status", null);

    private final TaskStreams streams = new TaskStreams();

    @Test
    void latestRequestThatWaitsIsTold() {
        Written first = new Written();
        Written second = new Written();
        streams.open("session", "task", first);
        TaskStreams.Waiting latest = streams.open("session", "task", second);
        assertThat(streams.send("session", "task", MESSAGE)).isTrue();
        assertThat(first.messages).isEmpty();
        assertThat(second.messages).containsExactly(MESSAGE);
        latest.close();
        assertThat(streams.send("session", "task", MESSAGE)).isTrue();
        assertThat(first.messages).containsExactly(MESSAGE);
        assertThat(second.messages).containsExactly(MESSAGE);
    }

    @Test
    void nothingIsToldOnAStreamThatIsCut() {
        Written whole = new Written();
        Written cut = new Written();
        streams.open("session", "task", whole);
        streams.open("session", "task", cut);
        cut.cut = true;
        assertThat(streams.send("session", "task", MESSAGE)).isTrue();
        assertThat(whole.messages).containsExactly(MESSAGE);
        whole.cut = true;
        assertThat(streams.send("session", "task", MESSAGE)).isFalse();
        assertThat(cut.messages).isEmpty();
        cut.cut = false;
        assertThat(streams.send("session", "task", MESSAGE)).isTrue();
        assertThat(cut.messages).containsExactly(MESSAGE);
    }

    @Test
    void otherSessionsAndTasksHearNothing() {
        Written written = new Written();
        streams.open("session", "task", written);
        assertThat(streams.send("other", "task", MESSAGE)).isFalse();
        assertThat(streams.send("session", "other", MESSAGE)).isFalse();
        assertThat(streams.send(null, "task", MESSAGE)).isFalse();
        assertThat(written.messages).isEmpty();
    }

    @Test
    void nothingIsSentOnceTheRequestIsAnswered() {
        Written written = new Written();
        assertThat(streams.open("session", "task", written).close().toCompletableFuture())
                .isDone();
        assertThat(streams.send("session", "task", MESSAGE)).isFalse();
        assertThat(written.messages).isEmpty();
    }

    @Test
    void requestIsAnsweredWhenAllThatIsBeingSentIsOut() {
        Written written = new Written();
        TaskStreams.Waiting waiting = streams.open("session", "task", written);
        List<CompletableFuture<?>> quiet = new ArrayList<>();
        // The task ends, and its request is to be answered, just when its session is told of something else.
        written.meanwhile = () -> {
            CompletableFuture<?> closed = waiting.close().toCompletableFuture();
            assertThat(closed).isNotDone();
            quiet.add(closed);
        };
        assertThat(streams.send("session", "task", MESSAGE)).isTrue();
        assertThat(written.messages).containsExactly(MESSAGE);
        assertThat(quiet).singleElement().satisfies(closed -> assertThat(closed).isDone());
        assertThat(streams.send("session", "task", MESSAGE)).isFalse();
    }

    @Test
    void requestIsAnsweredWhenSendingFails() {
        Written written = new Written();
        TaskStreams.Waiting waiting = streams.open("session", "task", written);
        List<CompletableFuture<?>> quiet = new ArrayList<>();
        written.meanwhile = () -> {
            quiet.add(waiting.close().toCompletableFuture());
            throw new IllegalStateException("the connection is lost");
        };
        assertThatIllegalStateException()
                .isThrownBy(() -> streams.send("session", "task", MESSAGE))
                .withMessage("the connection is lost");
        assertThat(quiet).singleElement().satisfies(closed -> assertThat(closed).isDone());
    }

    /** Keeps what it is sent. */
    private static final class Written implements RequestStream {

        final List<JSONRPCMessage> messages = new ArrayList<>();

        /** What happens while it is being sent something. */
        Runnable meanwhile = () -> {};

        boolean cut;

        @Override
        public boolean isCut() {
            return cut;
        }

        @Override
        public boolean isBidirectional() {
            return true;
        }

        @Override
        public Executor delivery() {
            return Runnable::run;
        }

        @Override
        public void send(JSONRPCMessage message) {
            meanwhile.run();
            messages.add(message);
        }

        @Override
        public boolean isLoggingAllowed(McpSchema.LoggingLevel level) {
            return false;
        }

        @Override
        public CompletionStage<@Nullable Void> disconnected() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<@Nullable Void> abandoned() {
            return new CompletableFuture<>();
        }

        @Override
        public ContextSnapshot contextSnapshot() {
            throw new UnsupportedOperationException();
        }
    }
}
