package io.asyncmcp.autoconfigure.modern;

import io.asyncmcp.autoconfigure.WebMvcEndpoint;
import io.asyncmcp.server.modern.HttpExchange;
import io.asyncmcp.server.modern.HttpExchange.Response;
import io.asyncmcp.server.modern.ModernFace;
import io.asyncmcp.server.modern.ModernHttp;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityException;
import io.modelcontextprotocol.server.transport.ServerTransportSecurityValidator;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.function.ServerResponse.SseBuilder;
import reactor.core.publisher.Flux;

/** Protocol 2026-07-28 on WebMVC. No thread waits: neither for the response, nor for what is on a stream. */
final class WebMvcModern implements WebMvcEndpoint {

    /** How a request is responded to is known as soon as its client must see a sign of life. */
    private static final Duration LONGER_THAN_THE_FIRST_SIGN_OF_LIFE = Duration.ofMinutes(1);

    private final Supplier<ModernFace> face;

    private final ServerTransportSecurityValidator validator;

    WebMvcModern(Supplier<ModernFace> face, ServerTransportSecurityValidator validator) {
        this.face = face;
        this.validator = validator;
    }

    @Override
    public @Nullable ServerResponse take(ServerRequest request, byte @Nullable [] body) {
        ServerRequest.Headers headers = request.headers();
        if (!ModernHttp.isModern(headers::header, body)) {
            return null;
        }
        try {
            validator.validateHeaders(EndpointHeaders.of(headers.asHttpHeaders()));
        } catch (ServerTransportSecurityException e) {
            return ServerResponse.status(e.getStatusCode())
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(MessageText.refusal(e));
        }
        if (body == null) {
            return ServerResponse.status(405)
                    .allow(HttpMethod.POST)
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(MessageText.onlyPost());
        }
        McpTransportContext context = McpTransportContext.create(WebMvcEndpoint.caller(request));
        HttpExchange exchange = Objects.requireNonNull(
                face.get().http().post(headers::header, body, context).block());
        CompletableFuture<ServerResponse> response =
                exchange.response().thenApply(how -> response(how, exchange)).toCompletableFuture();
        return response.isDone() ? response.join() : ServerResponse.async(response, LONGER_THAN_THE_FIRST_SIGN_OF_LIFE);
    }

    private static ServerResponse response(Response how, HttpExchange exchange) {
        if (how instanceof Response.Stream stream) {
            return new Unbuffered(
                    ServerResponse.sse(sse -> write(stream.events(), sse, exchange::closed), Duration.ZERO));
        }
        Response.Single single = (Response.Single) how;
        ServerResponse.BodyBuilder builder = ServerResponse.status(single.status());
        return single.body() == null
                ? builder.build()
                : builder.contentType(MediaType.APPLICATION_JSON).body(MessageText.bytes(single.body()));
    }

    static void write(Flux<Optional<JSONRPCMessage>> events, SseBuilder sse, Runnable closed) {
        sse.onError(error -> closed.run());
        sse.onTimeout(closed);
        sse.onComplete(closed);
        events.subscribe(
                event -> {
                    try {
                        if (event.isPresent()) {
                            if (event.get() instanceof JSONRPCResponse) {
                                // The first write to a client that has gone often succeeds, and must not be this one.
                                sse.comment("").send();
                            }
                            sse.event("message").data(MessageText.of(event.get()));
                        } else {
                            sse.comment("").send();
                        }
                    } catch (IOException e) {
                        // Nobody reads.
                        closed.run();
                        sse.error(e);
                    }
                },
                sse::error,
                sse::complete);
    }

    /** Proxies that collect what they pass on would hold events back. */
    private record Unbuffered(ServerResponse response) implements ServerResponse {

        @Override
        public HttpStatusCode statusCode() {
            return response.statusCode();
        }

        @Override
        public HttpHeaders headers() {
            return response.headers();
        }

        @Override
        public MultiValueMap<String, Cookie> cookies() {
            return response.cookies();
        }

        @Override
        public @Nullable ModelAndView writeTo(
                HttpServletRequest request, HttpServletResponse servletResponse, Context context)
                throws ServletException, IOException {
            servletResponse.setHeader("X-Accel-Buffering", "no");
            return response.writeTo(request, servletResponse, context);
        }
    }
}
