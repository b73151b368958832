package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.autoconfigure.WatchedResponse;
import io.asyncmcp.autoconfigure.WebFluxEndpoint;
import io.asyncmcp.server.modern.HttpExchange;
import io.asyncmcp.server.modern.HttpExchange.Response;
import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.ModernHttp;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Protocol 2026-07-28 on WebFlux. */
final class WebFluxModern implements WebFluxEndpoint {

    private final Supplier<ModernFace> face;

    private final ServerTransportSecurityValidator validator;

    WebFluxModern(Supplier<ModernFace> face, ServerTransportSecurityValidator validator) {
        this.face = face;
        this.validator = validator;
    }

    @Override
    public @Nullable Mono<ServerResponse> take(ServerRequest request, byte @Nullable [] body) {
        ServerRequest.Headers headers = request.headers();
        if (!ModernHttp.isModern(headers::header, body)) {
            return null;
        }
        try {
            validator.validateHeaders(EndpointHeaders.of(headers.asHttpHeaders()));
        } catch (ServerTransportSecurityException e) {
            return ServerResponse.status(e.getStatusCode())
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(MessageText.refusal(e));
        }
        if (body == null) {
            return ServerResponse.status(405)
                    .allow(HttpMethod.POST)
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(MessageText.onlyPost());
        }
        McpTransportContext context = McpTransportContext.create(WebFluxEndpoint.caller(request));
        return face.get()
                .http()
                .post(headers::header, body, context)
                .flatMap(exchange -> Mono.fromCompletionStage(exchange.response())
                        .flatMap(how -> response(how, exchange))
                        // Its client may go before anybody reads the events, and with them the news that it has gone.
                        .<ServerResponse>map(response -> new WatchedResponse(response, exchange::closed))
                        .doOnCancel(exchange::closed));
    }

    private static Mono<ServerResponse> response(Response how, HttpExchange exchange) {
        if (how instanceof Response.Stream stream) {
            return ServerResponse.ok()
                    .header("X-Accel-Buffering", "no")
                    .contentType(MediaType.TEXT_EVENT_STREAM)
                    .body(BodyInserters.fromServerSentEvents(stream.events().map(WebFluxModern::event)));
        }
        Response.Single single = (Response.Single) how;
        exchange.written();
        ServerResponse.BodyBuilder builder = ServerResponse.status(single.status());
        return single.body() == null
                ? builder.build()
                : builder.contentType(MediaType.APPLICATION_JSON).bodyValue(MessageText.bytes(single.body()));
    }

    private static ServerSentEvent<String> event(Optional<JSONRPCMessage> event) {
        return event.isPresent()
                ? ServerSentEvent.builder(MessageText.of(event.get()))
                        .event("message")
                        .build()
                : ServerSentEvent.<String>builder().comment("").build();
    }
}
