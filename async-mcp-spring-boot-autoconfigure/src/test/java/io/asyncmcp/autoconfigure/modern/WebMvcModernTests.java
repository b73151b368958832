package io.asyncmcp.autoconfigure.modern;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.function.ServerResponse.SseBuilder;
import reactor.core.publisher.Flux;

class WebMvcModernTests {

    private static final JSONRPCMessage PROGRESS = new JSONRPCNotification("notifications/progress", Map.of());

    private static final JSONRPCMessage RESPONSE = JSONRPCResponse.result(1, Map.of());

    private final List<String> written = new ArrayList<>();

    /** How many writes there are room for before they begin to fail. */
    private int room = Integer.MAX_VALUE;

    private int closed;

    private void write(JSONRPCMessage... events) {
        Flux<Optional<JSONRPCMessage>> flux = Flux.fromArray(events).map(Optional::of);
        WebMvcModern.write(flux, new Wire(), () -> closed++);
    }

    @Test
    void commentPrecedesTheResponse() {
        write(PROGRESS, RESPONSE);

        assertThat(written).containsExactly("message", "comment", "message", "complete");
        assertThat(closed).isZero();
    }

    @Test
    void clientIsLostIfItsLastWritesGoNowhere() {
        // A client that closed its connection: the first write goes into a buffer.
        room = 1;
        write(RESPONSE);

        assertThat(closed).isPositive();
        assertThat(written).containsSubsequence("comment", "error");
    }

    private final class Wire implements SseBuilder {

        private void written(String what) throws IOException {
            if (room-- == 0) {
                throw new IOException("Connection reset by peer");
            }
            written.add(what);
        }

        @Override
        public void send(Object object) throws IOException {
            written("message");
        }

        @Override
        public void send() throws IOException {
            written("comment");
        }

        @Override
        public void data(Object object) throws IOException {
            written("message");
        }

        @Override
        public SseBuilder comment(String comment) {
            return this;
        }

        @Override
        public SseBuilder id(String id) {
            return this;
        }

        @Override
        public SseBuilder event(String eventName) {
            return this;
        }

        @Override
        public SseBuilder retry(Duration duration) {
            return this;
        }

        @Override
        public void error(Throwable t) {
            written.add("error");
        }

        @Override
        public void complete() {
            written.add("complete");
        }

        @Override
        public SseBuilder onTimeout(Runnable onTimeout) {
            return this;
        }

        @Override
        public SseBuilder onError(Consumer<Throwable> onError) {
            return this;
        }

        @Override
        public SseBuilder onComplete(Runnable onCompletion) {
            return this;
        }
    }
}
