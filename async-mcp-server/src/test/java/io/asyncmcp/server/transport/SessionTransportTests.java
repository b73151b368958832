package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.server.transport.SessionTransport.Recipient;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SessionTransportTests {

    private final List<Object> replies = new ArrayList<>();

    private final SessionTransport transport = new SessionTransport(new Wire(), Runnable::run, null);

    private Recipient recipient;

    @BeforeEach
    void open() {
        recipient = recipient(1);
    }

    private Recipient recipient(Object requestId) {
        return new Recipient(transport.open().opened(requestId), Dialect.Handling.AS_IT_IS);
    }

    /** As the SDK does what a handler returns. */
    private void send(Object requestId, Object result, Recipient to) {
        transport
                .sendMessage(JSONRPCResponse.result(requestId, result))
                .contextWrite(to::in)
                .block();
    }

    private void cancel() {
        transport.open().notice(new JSONRPCNotification("notifications/cancelled", Map.of("requestId", 1)));
    }

    @Test
    void replyGoesOutOnce() {
        send(1, Map.of(), recipient);
        transport.replyIfNone(1, recipient).block();
        assertThat(replies).containsExactly(1);
    }

    @Test
    void requestThatWasGivenUpGetsNoReply() {
        cancel();
        send(1, Map.of(), recipient);
        transport.replyIfNone(1, recipient).block();
        assertThat(replies).isEmpty();
    }

    @Test
    void lateReplyToWhatWasGivenUpIsDropped() {
        CompletableFuture<Object> result = new CompletableFuture<>();
        transport.replyLater(1, result, recipient);
        cancel();
        result.complete(Map.of());
        assertThat(replies).isEmpty();
    }

    @Test
    void handlerWithoutAReplyIsAnsweredForUnlessItsClientHasGivenUp() {
        cancel();
        transport.replyIfNone(1, recipient).block();
        assertThat(replies).isEmpty();
        transport.replyIfNone(2, recipient(2)).block();
        assertThat(replies).containsExactly(2);
    }

    @Test
    void requestsWithTheSameIdAreToldApart() {
        Recipient other = recipient(1);
        CompletableFuture<CallToolResult> first = new CompletableFuture<>();
        transport.replyLater(1, first, recipient);
        send(1, Map.of(), other);

        assertThat(other.request().replied().toCompletableFuture()).isDone();
        assertThat(recipient.request().replied().toCompletableFuture()).isNotDone();
        first.complete(CallToolResult.builder().addTextContent("first").build());
        assertThat(recipient.request().replied().toCompletableFuture()).isDone();
        assertThat(replies).containsExactly(1, 1);
    }

    private final class Wire implements McpServerTransport {

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            return Mono.fromRunnable(() -> replies.add(((JSONRPCResponse) message).id()));
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }

        @Override
        public void close() {}
    }
}
