package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Heartbeats;
import io.asyncmcp.web.reactive.ReactiveResponses;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Gives the event streams of a WebFlux transport their {@link Heartbeats}: the transport has no way to comment. */
final class WebFluxHeartbeats implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private final Heartbeats heartbeats;

    WebFluxHeartbeats(Heartbeats heartbeats) {
        this.heartbeats = heartbeats;
    }

    @SuppressWarnings("unchecked") // the transports' functions answer with nothing else
    RouterFunction<ServerResponse> around(RouterFunction<?> transport) {
        return ((RouterFunction<ServerResponse>) transport).filter(this);
    }

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return next.handle(request)
                .map(response -> MediaType.TEXT_EVENT_STREAM.isCompatibleWith(
                                response.headers().getContentType())
                        ? new Commented(response, heartbeats)
                        : response);
    }

    private record Commented(ServerResponse response, Heartbeats heartbeats) implements ReactiveResponses.Decorated {

        @Override
        public Mono<Void> writeTo(ServerWebExchange exchange, Context context) {
            ServerHttpResponse commented = new CommentedExchange(exchange.getResponse(), heartbeats);
            return response.writeTo(exchange.mutate().response(commented).build(), context);
        }
    }

    private static final class CommentedExchange extends ServerHttpResponseDecorator {

        private final Heartbeats heartbeats;

        CommentedExchange(ServerHttpResponse response, Heartbeats heartbeats) {
            super(response);
            this.heartbeats = heartbeats;
        }

        /** Each of the inner publishers is one event. */
        @Override
        public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return Flux.defer(() -> commented(body)).as(super::writeAndFlushWith);
        }

        private Flux<Publisher<? extends DataBuffer>> commented(
                Publisher<? extends Publisher<? extends DataBuffer>> body) {
            // Dropped where the client does not read.
            Sinks.Many<Publisher<? extends DataBuffer>> comments =
                    Sinks.many().multicast().directBestEffort();
            // Not by the sink above: it refuses to end while a comment is being written.
            Sinks.Empty<Void> over = Sinks.empty();
            Heartbeats.Stream heartbeat = heartbeats.open(() ->
                    comments.tryEmitNext(Mono.fromSupplier(() -> bufferFactory().wrap(Heartbeats.comment()))));
            Flux<Publisher<? extends DataBuffer>> events = Flux.<Publisher<? extends DataBuffer>>from(body)
                    .doOnNext(event -> heartbeat.sent())
                    .doFinally(end -> {
                        heartbeat.close();
                        over.tryEmitEmpty();
                    });
            return Flux.merge(events, comments.asFlux().takeUntilOther(over.asMono()));
        }
    }
}
