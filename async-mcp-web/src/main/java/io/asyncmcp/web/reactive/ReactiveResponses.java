package io.asyncmcp.web.reactive;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseCookie;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * What is written to clients on WebFlux.
 *
 * @since 0.1.0
 */
public final class ReactiveResponses {

    private ReactiveResponses() {}

    /**
     * Makes a response that is left out if the request has its answer already. Reactor Netty answers a broken chunk by itself, and
     * then ends the body as if it were whole.
     *
     * @param response the response
     * @param leftOut called if it is left out
     * @return the same response, which does not fail then
     */
    public static ServerResponse unlessAnswered(ServerResponse response, Runnable leftOut) {
        return new UnlessAnswered(response, leftOut);
    }

    /** A response that is written in another way than the one it stands for. */
    public interface Decorated extends ServerResponse {

        /**
         * Returns what it stands for.
         *
         * @return the response
         */
        ServerResponse response();

        @Override
        default HttpStatusCode statusCode() {
            return response().statusCode();
        }

        @Override
        default HttpHeaders headers() {
            return response().headers();
        }

        @Override
        default MultiValueMap<String, ResponseCookie> cookies() {
            return response().cookies();
        }
    }

    private record UnlessAnswered(ServerResponse response, Runnable leftOut) implements Decorated {

        /** The server below has no other exception for a second answer. */
        @Override
        public Mono<Void> writeTo(ServerWebExchange exchange, Context context) {
            return response.writeTo(exchange, context).onErrorResume(IllegalStateException.class, e -> {
                leftOut.run();
                return Mono.empty();
            });
        }
    }
}
