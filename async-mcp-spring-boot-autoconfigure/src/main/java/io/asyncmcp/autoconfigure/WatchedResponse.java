package io.asyncmcp.autoconfigure;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A response on WebFlux that tells when it is over, be it written or given up.
 *
 * @param response the response
 * @param over called when it is over
 * @since 0.1.0
 */
public record WatchedResponse(ServerResponse response, Runnable over) implements ServerResponse {

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

    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange, Context context) {
        return response.writeTo(exchange, context).doFinally(end -> over.run());
    }
}
