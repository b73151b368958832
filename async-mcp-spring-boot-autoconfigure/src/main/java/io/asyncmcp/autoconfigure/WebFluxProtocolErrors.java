package io.asyncmcp.autoconfigure;

import io.asyncmcp.autoconfigure.ProtocolErrors.Answer;
import io.asyncmcp.server.OperationOwnerResolver;
import io.asyncmcp.server.transport.ContentTypes;
import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.server.transport.SessionOwners;
import io.asyncmcp.web.reactive.ReactiveRequests;
import io.asyncmcp.web.reactive.ReactiveRequests.RefusedBody;
import io.asyncmcp.web.reactive.ReactiveRequests.UnreadableBody;
import io.asyncmcp.web.reactive.ReactiveResponses;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.function.server.EntityResponse;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Puts {@link ProtocolErrors} around a WebFlux transport. */
final class WebFluxProtocolErrors implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private final ProtocolErrors errors;

    /** The application's own readers take less than {@code async.mcp.limits} promise, unless told otherwise. */
    private final List<HttpMessageReader<?>> readers;

    WebFluxProtocolErrors(ProtocolErrors errors) {
        this.errors = errors;
        ServerCodecConfigurer codecs = ServerCodecConfigurer.create();
        codecs.defaultCodecs().maxInMemorySize(errors.bodies().maxBytes());
        this.readers = codecs.getReaders();
    }

    /** What keeps callers out of each other's sessions. */
    WebFluxSessions sessions(SessionOwners owners) {
        return new WebFluxSessions(owners, errors);
    }

    /** Says where a request comes from, also where it was made anew from another one. */
    static @Nullable String address(ServerRequest request) {
        return request.attribute(OperationOwnerResolver.ADDRESS_KEY)
                .map(String::valueOf)
                .orElseGet(() -> ReactiveRequests.address(request));
    }

    @SuppressWarnings("unchecked") // the transports' functions answer with nothing else
    RouterFunction<ServerResponse> around(RouterFunction<?> transport) {
        return ((RouterFunction<ServerResponse>) transport).filter(this).filter(new WebFluxLocale());
    }

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return checked(request, next).map(response -> ReactiveResponses.unlessAnswered(response, () -> {}));
    }

    private Mono<ServerResponse> checked(ServerRequest request, HandlerFunction<ServerResponse> next) {
        if (!request.method().equals(HttpMethod.POST)) {
            Answer unreadable = errors.faultForTransport(request.headers().header(HttpHeaders.ACCEPT), null);
            return unreadable == null
                    ? next.handle(request).flatMap(response -> mended(response, null))
                    : response(unreadable);
        }
        if (!ContentTypes.isJson(request.headers().header(HttpHeaders.CONTENT_TYPE))) {
            return response(errors.unsupportedMediaType());
        }
        String address = address(request);
        return request.principal()
                .map(principal -> PrincipalContext.callerOf(principal, address))
                .defaultIfEmpty(PrincipalContext.callerOf(null, address))
                .flatMap(caller -> {
                    RequestBodies.Reading reading = errors.bodies().begin(caller);
                    return read(request, reading, next).doFinally(end -> reading.close());
                });
    }

    private Mono<ServerResponse> read(
            ServerRequest request, RequestBodies.Reading reading, HandlerFunction<ServerResponse> next) {
        ServerRequest sized = ServerRequest.create(request.exchange(), readers);
        return ReactiveRequests.read(request, reading)
                .flatMap(body -> parsed(handled(sized, body, next), reading))
                .onErrorResume(RefusedBody.class, e -> response(errors.refused(e.refusal())))
                .onErrorResume(
                        UnreadableBody.class, e -> ServerResponse.badRequest().build())
                .onErrorResume(WebFluxProtocolErrors::isTooLarge, e -> response(errors.tooLarge()));
    }

    /** A body is parsed where its handling begins. The answer may take its time, and what it needs counts elsewhere. */
    private static Mono<ServerResponse> parsed(Mono<ServerResponse> handled, RequestBodies.Reading reading) {
        return Mono.fromDirect(subscriber -> {
            handled.subscribe(subscriber);
            reading.close();
        });
    }

    private static boolean isTooLarge(Throwable e) {
        return e instanceof ResponseStatusException known
                && known.getStatusCode().value() == 413;
    }

    private Mono<ServerResponse> handled(ServerRequest request, byte[] body, HandlerFunction<ServerResponse> next) {
        Answer unreadable = errors.faultForTransport(request.headers().header(HttpHeaders.ACCEPT), body);
        if (unreadable != null) {
            return response(unreadable);
        }
        Body unparsed = new Body(body);
        DataBufferFactory buffers = request.exchange().getResponse().bufferFactory();
        ServerRequest.Builder readAgain = ServerRequest.from(request).body(unparsed.read(buffers));
        // What is made anew does not say where it comes from.
        String address = address(request);
        if (address != null) {
            readAgain.attribute(OperationOwnerResolver.ADDRESS_KEY, address);
        }
        Mono<ServerResponse> answer = Mono.defer(() -> next.handle(readAgain.build()))
                .flatMap(response -> mended(response, unparsed.bytes()))
                .onErrorResume(RuntimeException.class, e -> {
                    Answer fault = errors.faultOf(unparsed.bytes(), true);
                    return fault == null ? Mono.error(e) : response(fault);
                });
        return Mono.fromDirect(subscriber -> {
            answer.subscribe(subscriber);
            unparsed.forgetIfRead();
        });
    }

    /**
     * The bytes of a body until they are parsed. What waits for the answer holds on to everything that was made to handle its request,
     * and so does an operation that goes on after it.
     */
    private static final class Body {

        private volatile byte @Nullable [] bytes;

        private volatile boolean read;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        byte @Nullable [] bytes() {
            return bytes;
        }

        /** No {@code Flux.just}: it holds on to its value. */
        Flux<DataBuffer> read(DataBufferFactory buffers) {
            return Flux.generate(sink -> {
                byte[] present = bytes;
                read = true;
                if (present != null) {
                    sink.next(buffers.wrap(present));
                }
                sink.complete();
            });
        }

        void forgetIfRead() {
            if (read) {
                bytes = null;
            }
        }
    }

    private Mono<ServerResponse> mended(ServerResponse response, byte @Nullable [] body) {
        int status = response.statusCode().value();
        if (status < 400) {
            return Mono.just(response);
        }
        Object entity = response instanceof EntityResponse<?> withEntity ? withEntity.entity() : null;
        return response(errors.insteadOf(status, entity, body));
    }

    static Mono<ServerResponse> response(Answer answer) {
        ServerResponse.BodyBuilder builder = ServerResponse.status(answer.status());
        if (answer.isBusy()) {
            builder.header(HttpHeaders.RETRY_AFTER, "1");
        }
        return builder.contentType(MediaType.APPLICATION_JSON).bodyValue(answer.json());
    }
}
