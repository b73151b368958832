package io.asyncmcp.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.context.ContextSnapshotFactory;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpLoggableSession;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class DeferringTransportTests {

    private final List<String> events = new ArrayList<>();

    private final OpenRequests open = new OpenRequests();

    private final CompletableFuture<@Nullable Void> lost = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> received = new CompletableFuture<>();

    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

    private final CompletableFuture<Object> result = new CompletableFuture<>();

    /** What the wire does with the reply. */
    private Runnable onReply = () -> {};

    private final DeferringTransport request = new DeferringTransport(
            1,
            open,
            new Wire(),
            new EverythingIsLogged(),
            Runnable::run,
            ContextSnapshotFactory.builder().build().captureAll());

    private static boolean isOver(CompletionStage<?> stage) {
        return stage.toCompletableFuture().isDone();
    }

    @Test
    void replyThatIsWrittenEndsTheRequest() {
        request.replyLater(result);
        result.complete(Map.of());
        gone.complete(null);

        assertThat(isOver(request.replied())).isTrue();
        assertThat(isOver(request.abandoned())).isFalse();
        assertThat(isOver(request.disconnected())).isFalse();
    }

    @Test
    void replyThatCannotBeWrittenCountsAsNotGiven() {
        onReply = () -> lost.complete(null);
        request.replyLater(result);
        result.complete(Map.of());

        assertThat(isOver(request.abandoned())).isTrue();
        assertThat(isOver(request.disconnected())).isTrue();
        assertThat(isOver(request.cancelled())).isFalse();
    }

    @Test
    void whoWaitsForTheReplyKnowsFirstThatItCouldNotBeWritten() {
        onReply = () -> lost.complete(null);
        request.abandoned().thenRun(() -> events.add("abandoned"));
        request.replied().thenRun(() -> events.add("over"));
        request.replyLater(result);
        result.complete(Map.of());

        assertThat(events).containsExactly("reply", "abandoned", "over", "closed");
    }

    @Test
    void clientMayComeBackForAReplyThatItLost() {
        onReply = () -> lost.complete(null);
        request.replyLater(result);
        result.complete(Map.of());
        assertThat(isOver(request.received())).isFalse();

        received.complete(null);
        assertThat(isOver(request.received())).isTrue();
    }

    @Test
    void clientThatIsGoneBeforeTheReplyIsNoticed() {
        gone.complete(null);

        assertThat(isOver(request.abandoned())).isTrue();
        assertThat(isOver(request.disconnected())).isTrue();
    }

    @Test
    void clientMayGiveTheRequestUpUntilItHasTheReply() {
        assertThat(open.notice(cancellation())).isTrue();

        assertThat(isOver(request.cancelled())).isTrue();
        assertThat(isOver(request.abandoned())).isTrue();
        assertThat(isOver(request.disconnected())).isFalse();
    }

    @Test
    void cancellationThatComesAfterTheReplyIsTooLate() {
        onReply = () -> open.notice(cancellation());
        request.replyLater(result);
        result.complete(Map.of());
        open.notice(cancellation());

        assertThat(isOver(request.cancelled())).isFalse();
        assertThat(isOver(request.abandoned())).isFalse();
    }

    @Test
    void requestThatWasGivenUpGetsNoReply() {
        request.replyLater(result);
        open.notice(cancellation());
        result.complete(Map.of());

        assertThat(events).containsExactly("closed");
        assertThat(isOver(request.replied())).isTrue();
    }

    @Test
    void handlerThatAnswersAtOnceIsNotHeardAfterACancellation() {
        open.notice(cancellation());
        request.sendMessage(JSONRPCResponse.result(1, Map.of()))
                .then(request.closeGracefully())
                .block();

        assertThat(events).containsExactly("closed");
    }

    @Test
    void replyOrCancellationIsFirstAndNeverBoth() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2_000; round++) {
                DeferringTransportTests each = new DeferringTransportTests();
                each.request.replyLater(each.result);
                CyclicBarrier start = new CyclicBarrier(2);
                Future<?> reply = threads.submit(() -> {
                    start.await();
                    return each.result.complete(Map.of());
                });
                Future<?> cancellation = threads.submit(() -> {
                    start.await();
                    return each.open.notice(cancellation());
                });
                reply.get();
                cancellation.get();

                assertThat(each.events.contains("reply")).isNotEqualTo(isOver(each.request.cancelled()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static JSONRPCNotification cancellation() {
        return new JSONRPCNotification("notifications/cancelled", Map.of("requestId", 1));
    }

    private final class Wire implements McpStreamableServerTransport, Writable.WritesFirst {

        @Override
        public boolean isCut() {
            return false;
        }

        @Override
        public void whenCutOrResumed(Runnable action) {
            // It never is.
        }

        @Override
        public CompletionStage<?> lost() {
            return lost;
        }

        @Override
        public CompletionStage<?> received() {
            return received;
        }

        @Override
        public CompletionStage<?> gone() {
            return gone;
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message) {
            return Mono.fromRunnable(() -> {
                assertThat(message).isInstanceOf(JSONRPCResponse.class);
                events.add("reply");
                onReply.run();
            });
        }

        @Override
        public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
            return sendMessage(message);
        }

        @Override
        public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.fromRunnable(() -> events.add("closed"));
        }

        @Override
        public void close() {
            events.add("closed");
        }
    }

    private static final class EverythingIsLogged implements McpLoggableSession {

        @Override
        public void setMinLoggingLevel(McpSchema.LoggingLevel level) {}

        @Override
        public boolean isNotificationForLevelAllowed(McpSchema.LoggingLevel level) {
            return true;
        }

        @Override
        public <T> Mono<T> sendRequest(String method, Object params, TypeRef<T> typeRef) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> sendNotification(String method, Object params) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> closeGracefully() {
            return Mono.empty();
        }

        @Override
        public void close() {}
    }
}
