package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Connection;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Gives each request its {@link Connection}, and tells it when the response is over. */
final class WebFluxConnections implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        Connection connection = new Connection();
        request.attributes().put(Connection.key(), connection);
        return next.handle(request).map(response -> new WatchedResponse(response, connection::close));
    }
}
