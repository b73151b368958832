package io.asyncmcp.web.reactive;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** A response that is left out after another: Reactor Netty answers a broken chunk itself, then ends the body as if whole. */
record UnlessAnswered(ServerResponse response, Runnable leftOut) implements ServerResponse {

    @Override
    public HttpStatusCode statusCode() {
        return response.statusCode();
    }

    @Override
    public HttpHeaders headers() {
        return response.headers();
    }

    @Override
    public MultiValueMap<String, ResponseCookie> cookies() {
        return response.cookies();
    }

    /** The server below has no other exception for a second answer. */
    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange, Context context) {
        return response.writeTo(exchange, context).onErrorResume(IllegalStateException.class, e -> {
            leftOut.run();
            return Mono.empty();
        });
    }
}
