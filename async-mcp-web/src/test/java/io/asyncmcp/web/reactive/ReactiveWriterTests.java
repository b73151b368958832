package io.asyncmcp.web.reactive;

import static org.assertj.core.api.Assertions.assertThat;

import io.asyncmcp.ExecutorConfig.Limits;
import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.HttpExchange.Response;
import io.asyncmcp.server.http.MessageJson;
import io.asyncmcp.server.http.OpenExchanges;
import io.asyncmcp.server.http.ReplyMemory;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.json.JsonMapper;

class ReactiveWriterTests {

    private final HttpExchange exchange = new HttpExchange(
            new MessageJson(JsonMapper.shared()),
            Runnable::run,
            new ReplyMemory(Limits.DEFAULTS),
            new OpenExchanges(0),
            false);

    /** A client that reads what it is told to. */
    private static final class SlowResponse extends MockServerHttpResponse {

        private final List<Integer> sizes = new ArrayList<>();

        private final Sinks.Empty<Void> flushed = Sinks.empty();

        private final BaseSubscriber<DataBuffer> client = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                // Nothing is asked for yet.
            }

            @Override
            protected void hookOnNext(DataBuffer buffer) {
                sizes.add(buffer.readableByteCount());
            }
        };

        SlowResponse() {
            setWriteHandler(body -> Mono.defer(() -> {
                body.subscribe(client);
                return flushed.asMono().doOnCancel(client::cancel);
            }));
        }

        void reads(int pieces) {
            client.request(pieces);
        }
    }

    private final SlowResponse response = new SlowResponse();

    private final ReactiveWriter writer = new ReactiveWriter(response, exchange);

    private Disposable write(int size) {
        return writer.write(new byte[size]).subscribe(null, e -> {});
    }

    @Test
    void largeResponseIsWrittenInPiecesAsTheyAreReadAndCountsUntilTheEnd() {
        write(20_000);
        assertThat(response.sizes).isEmpty();
        response.reads(2);
        assertThat(response.sizes).containsExactly(8192, 8192);
        response.reads(10);
        assertThat(response.sizes).containsExactly(8192, 8192, 3616);
        assertThat(exchange.whenWritten().toCompletableFuture()).isNotDone();
        response.flushed.tryEmitEmpty();
        assertThat(exchange.whenWritten()).isCompleted();
        assertThat(exchange.lost().toCompletableFuture()).isNotDone();
    }

    @Test
    void responseThatIsNotReadIsLost() {
        write(20_000).dispose();
        assertThat(exchange.lost()).isCompleted();
        assertThat(exchange.whenWritten()).isCompleted();
    }

    @Test
    void eventsStayInTheStreamUntilItIsTheirTurn() throws IOException {
        exchange.identify("1", false, events -> {});
        for (int i = 0; i < 3; i++) {
            exchange.send(new JSONRPCNotification("n", Map.of("text", "x".repeat(10_000))));
        }
        Response.Stream how =
                (Response.Stream) exchange.response().toCompletableFuture().join();
        writer.write(how).subscribe(null, e -> {});
        response.reads(1);
        assertThat(response.sizes).hasSize(1);
        exchange.respond(200, JSONRPCResponse.result(1, Map.of()));
        response.reads(100);
        assertThat(response.sizes.stream().mapToInt(i -> i).sum()).isGreaterThan(30_000);
        assertThat(exchange.whenWritten().toCompletableFuture()).isNotDone();
        response.flushed.tryEmitEmpty();
        assertThat(exchange.whenWritten()).isCompleted();
        assertThat(exchange.lost().toCompletableFuture()).isNotDone();
    }
}
