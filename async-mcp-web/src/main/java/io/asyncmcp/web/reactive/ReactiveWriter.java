package io.asyncmcp.web.reactive;

import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.HttpExchange.Response;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes the response of an exchange as fast as its client reads, and gives up a client that does not. */
final class ReactiveWriter {

    /** Netty copies what it is given and asks for 128 of them at once. */
    private static final int SLICE = 8 * 1024;

    private final ServerHttpResponse response;

    private final HttpExchange exchange;

    ReactiveWriter(ServerHttpResponse response, HttpExchange exchange) {
        this.response = response;
        this.exchange = exchange;
    }

    /** Whether a body is written in more than one piece. */
    static boolean isLarge(byte[] body) {
        return body.length > SLICE;
    }

    Mono<Void> write(Response.Stream events) {
        EventPublisher publisher = new EventPublisher(events);
        Flux<Publisher<DataBuffer>> each = Flux.from(publisher)
                .map(event ->
                        Flux.from(event).concatMapIterable(this::slices, 1).doOnNext(slice -> publisher.progressed()));
        // A write that fails on its way does not tell the publisher.
        return unless(
                publisher.whenCut(),
                response.writeAndFlushWith(each)
                        .doOnSuccess(nothing -> publisher.written())
                        .doFinally(end -> publisher.cancel()));
    }

    Mono<Void> write(byte[] body) {
        Flux<DataBuffer> slices =
                Flux.defer(() -> Flux.fromIterable(slices(body))).doOnNext(slice -> exchange.taken());
        return unless(exchange.stalled(), response.writeWith(slices).doOnSuccess(nothing -> exchange.written()));
    }

    private Mono<Void> unless(CompletionStage<?> givenUp, Mono<Void> writing) {
        Mono<Void> gone = Mono.fromCompletionStage(givenUp)
                .then(Mono.error(() -> new CancellationException("the client does not read")));
        return Mono.firstWithSignal(writing, gone).doFinally(end -> exchange.closed());
    }

    /** Each is made when it is asked for. */
    private Iterable<DataBuffer> slices(byte[] bytes) {
        DataBufferFactory buffers = response.bufferFactory();
        int count = (bytes.length + SLICE - 1) / SLICE;
        return () -> IntStream.range(0, count)
                .mapToObj(i ->
                        buffers.wrap(ByteBuffer.wrap(bytes, i * SLICE, Math.min(SLICE, bytes.length - i * SLICE))))
                .iterator();
    }
}
