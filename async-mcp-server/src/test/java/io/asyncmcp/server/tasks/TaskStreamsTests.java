package io.asyncmcp.server.tasks;

import static org.assertj.core.api.Assertions.assertThat;

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
        List<CompletableFuture<?>> quiet = new ArrayList<>();
        TaskStreams.Waiting[] waiting = new TaskStreams.Waiting[1];
        waiting[0] = streams.open("session", "task", new Written() {
            @Override
            public void send(JSONRPCMessage message) {
                // The task ends, and its request is to be answered, just when its session is told of something else.
                CompletableFuture<?> closed = waiting[0].close().toCompletableFuture();
                assertThat(closed).isNotDone();
                quiet.add(closed);
                super.send(message);
            }
        });
        assertThat(streams.send("session", "task", MESSAGE)).isTrue();
        assertThat(quiet).singleElement().satisfies(closed -> assertThat(closed).isDone());
    }

    @Test
    void requestIsAnsweredWhenSendingFails() {
        List<CompletableFuture<?>> quiet = new ArrayList<>();
        TaskStreams.Waiting[] waiting = new TaskStreams.Waiting[1];
        waiting[0] = streams.open("session", "task", new Written() {
            @Override
            public void send(JSONRPCMessage message) {
                quiet.add(waiting[0].close().toCompletableFuture());
                throw new IllegalStateException("the connection is lost");
            }
        });
        try {
            streams.send("session", "task", MESSAGE);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("the connection is lost");
        }
        assertThat(quiet).singleElement().satisfies(closed -> assertThat(closed).isDone());
    }

    /** Keeps what it is sent. */
    private static class Written implements RequestStream {

        final List<JSONRPCMessage> messages = new ArrayList<>();

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
