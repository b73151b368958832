package io.asyncmcp.web.reactive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.server.transport.RequestBodies.Refusal;
import io.asyncmcp.web.reactive.ReactiveRequests.RefusedBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;

class ReactiveRequestsTests {

    private final AtomicLong now = new AtomicLong();

    private final RequestBodies bodies = new RequestBodies(1_000, 100_000, 4, now::get);

    private CompletableFuture<byte[]> read(Flux<DataBuffer> body) {
        ServerRequest request = ServerRequest.create(
                MockServerWebExchange.from(MockServerHttpRequest.post("/mcp").body(body)), List.of());
        return ReactiveRequests.read(request, bodies.begin("a")).toFuture();
    }

    private static DataBuffer buffer(String text) {
        return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void bodyIsReadToItsEnd() {
        assertThat(read(Flux.just(buffer("[1,"), buffer("2]"))))
                .isCompletedWithValueMatching(body -> new String(body, StandardCharsets.UTF_8).equals("[1,2]"));
    }

    @Test
    void bodyThatStopsIsRefused() {
        CompletableFuture<byte[]> body = read(Flux.just(buffer("[1,")).concatWith(Flux.never()));
        now.addAndGet(Duration.ofSeconds(11).toNanos());
        assertThat(body).isNotDone();
        bodies.giveUpSlow();
        assertThatThrownBy(body::join)
                .cause()
                .isInstanceOfSatisfying(
                        RefusedBody.class, e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_SLOW));
    }
}
