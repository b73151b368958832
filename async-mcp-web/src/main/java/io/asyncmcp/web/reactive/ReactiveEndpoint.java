package io.asyncmcp.web.reactive;

import io.asyncmcp.server.http.HttpExchange;
import io.asyncmcp.server.http.HttpExchange.Response;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.web.HttpRequest;
import io.asyncmcp.web.McpHttpEndpoint;
import io.asyncmcp.web.SseHttpEndpoint;
import io.asyncmcp.web.reactive.ReactiveRequests.RefusedBody;
import io.asyncmcp.web.reactive.ReactiveRequests.UnreadableBody;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Serves the endpoint with WebFlux.
 *
 * @since 0.1.0
 */
public final class ReactiveEndpoint implements HandlerFunction<ServerResponse> {

    private static final Logger logger = LoggerFactory.getLogger(ReactiveEndpoint.class);

    /** As many as Tomcat takes. Netty limits their length alone, and keeps a hundred bytes for one of four. */
    private static final int MAX_HEADERS = 100;

    /** Reactor's key, for errors that nobody waits for any more. */
    private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

    /** For a client that goes while its body arrives: Reactor would log an error with its stack trace. */
    private static final Consumer<Throwable> DROPPED = e -> logger.debug("A client went before its body was there");

    private final McpHttpEndpoint endpoint;

    /** The methods that the path takes, if this only refuses requests with others; {@code null} if it handles requests. */
    private final @Nullable String allowed;

    private ReactiveEndpoint(McpHttpEndpoint endpoint, @Nullable String allowed) {
        this.endpoint = endpoint;
        this.allowed = allowed;
    }

    /** Returns the route to an endpoint at that path. */
    public static RouterFunction<ServerResponse> route(String path, McpHttpEndpoint endpoint) {
        return RouterFunctions.route(RequestPredicates.path(path), new ReactiveEndpoint(endpoint, null));
    }

    /** Returns the routes to an SSE endpoint: clients open streams at {@code ssePath}, and send messages to {@code messagePath}. */
    public static RouterFunction<ServerResponse> route(String ssePath, String messagePath, SseHttpEndpoint endpoint) {
        ReactiveEndpoint handler = new ReactiveEndpoint(endpoint, null);
        return RouterFunctions.route()
                .GET(ssePath, handler)
                .POST(messagePath, handler)
                .route(RequestPredicates.path(ssePath), new ReactiveEndpoint(endpoint, "GET"))
                .route(RequestPredicates.path(messagePath), new ReactiveEndpoint(endpoint, "POST"))
                .build();
    }

    @Override
    public Mono<ServerResponse> handle(ServerRequest request) {
        HttpExchange exchange = endpoint.open();
        String address = ReactiveRequests.address(request);
        HttpRequest head = ReactiveRequests.head(request, address);
        Mono<Void> handled;
        if (allowed != null) {
            endpoint.refuseMethod(allowed, exchange);
            handled = Mono.empty();
        } else if (ReactiveRequests.headers(request) > MAX_HEADERS) {
            endpoint.refuseHeaders(MAX_HEADERS, exchange);
            handled = Mono.empty();
        } else if (!endpoint.admits(head, exchange)) {
            handled = Mono.empty();
        } else if (head.isPost()) {
            handled = request.principal()
                    .map(principal -> PrincipalContext.callerOf(principal, address))
                    .defaultIfEmpty(PrincipalContext.callerOf(null, address))
                    .flatMap(caller -> read(request, caller, head, exchange));
        } else {
            handled = endpoint.handle(head, exchange);
        }
        return handled.contextWrite(
                        context -> ReactiveRequests.withLocale(context, request).put(ON_ERROR_DROPPED, DROPPED))
                .then(Mono.fromCompletionStage(exchange.response()))
                .flatMap(how -> response(how, exchange))
                .<ServerResponse>map(response -> new UnlessAnswered(response, exchange::closed))
                .doOnCancel(exchange::closed);
    }

    private Mono<Void> read(ServerRequest request, String caller, HttpRequest head, HttpExchange exchange) {
        RequestBodies.Reading reading = endpoint.bodies().begin(caller);
        return ReactiveRequests.read(request, reading)
                .flatMap(body -> endpoint.handle(head.with(body), exchange))
                .onErrorResume(RefusedBody.class, e -> {
                    endpoint.refuse(e.refusal(), head, exchange);
                    return Mono.empty();
                })
                .onErrorResume(UnreadableBody.class, e -> {
                    endpoint.refuseUnreadable(exchange);
                    return Mono.empty();
                })
                .doFinally(end -> reading.close());
    }

    private Mono<ServerResponse> response(Response how, HttpExchange exchange) {
        if (how instanceof Response.Stream stream) {
            return ServerResponse.ok()
                    .headers(headers -> stream.headers().forEach(headers::set))
                    .contentType(MediaType.TEXT_EVENT_STREAM)
                    .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                    // Proxies that collect what they pass on would hold events back.
                    .header("X-Accel-Buffering", "no")
                    .build((web, context) -> new ReactiveWriter(web.getResponse(), exchange).write(stream));
        }
        Response.Single single = (Response.Single) how;
        ServerResponse.BodyBuilder builder = ServerResponse.status(single.status())
                .headers(headers -> single.headers().forEach(headers::set));
        byte[] body = single.body();
        if (body != null && ReactiveWriter.isLarge(body)) {
            endpoint.watch(exchange);
            return builder.contentType(MediaType.APPLICATION_JSON)
                    .contentLength(body.length)
                    .build((web, context) -> new ReactiveWriter(web.getResponse(), exchange).write(body));
        }
        Mono<ServerResponse> response = body == null
                ? builder.build()
                : builder.contentType(MediaType.APPLICATION_JSON).body(BodyInserters.fromValue(body));
        return response.doOnNext(ready -> {
            exchange.written();
            exchange.closed();
        });
    }
}
