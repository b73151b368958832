package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.json.TypeRef;
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

    private final SessionTransport transport = new SessionTransport(new Wire(), Runnable::run);

    private OpenRequests.Request request;

    @BeforeEach
    void open() {
        request = transport.open().opened(1);
        transport.expectReply(1, request);
    }

    private void cancel() {
        transport.open().notice(new JSONRPCNotification("notifications/cancelled", Map.of("requestId", 1)));
    }

    @Test
    void replyGoesOutOnce() {
        transport.sendMessage(JSONRPCResponse.result(1, Map.of())).block();
        transport.replyIfNone(1).block();
        assertThat(replies).containsExactly(1);
    }

    @Test
    void requestThatWasGivenUpGetsNoReply() {
        cancel();
        transport.sendMessage(JSONRPCResponse.result(1, Map.of())).block();
        transport.replyIfNone(1).block();
        assertThat(replies).isEmpty();
    }

    @Test
    void lateReplyToWhatWasGivenUpIsDropped() {
        CompletableFuture<Object> result = new CompletableFuture<>();
        transport.replyLater(1, result, request);
        cancel();
        result.complete(Map.of());
        assertThat(replies).isEmpty();
    }

    @Test
    void handlerWithoutAReplyIsAnsweredForUnlessItsClientHasGivenUp() {
        cancel();
        transport.replyIfNone(1).block();
        assertThat(replies).isEmpty();
        transport.expectReply(2, transport.open().opened(2));
        transport.replyIfNone(2).block();
        assertThat(replies).containsExactly(2);
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
