package io.asyncmcp.web.reactive;

import io.asyncmcp.server.transport.PrincipalContext;
import io.asyncmcp.server.transport.RequestBodies;
import io.asyncmcp.web.HttpRequest;
import io.modelcontextprotocol.common.McpTransportContext;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextThreadLocalAccessor;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Reads requests on WebFlux. */
final class ReactiveRequests {

    /** Longest {@code Accept-Language} that is parsed: parsing holds a thread that serves everybody. */
    private static final int MAX_LANGUAGES = 512;

    private ReactiveRequests() {}

    /** Returns a request without its body. */
    static HttpRequest head(ServerRequest request, @Nullable String address) {
        return new HttpRequest(
                request.method().name(),
                request.uri().getRawQuery(),
                request.headers()::header,
                () -> all(request.headers().asHttpHeaders()),
                McpTransportContext.create(PrincipalContext.from(address, PrincipalContext.of(request.principal()))));
    }

    private static Map<String, List<String>> all(HttpHeaders headers) {
        Map<String, List<String>> all = new HashMap<>();
        headers.forEach(all::put);
        return all;
    }

    /** WebFlux binds the locale to no thread. */
    static Context withLocale(Context context, ServerRequest request) {
        int length = request.headers().header(HttpHeaders.ACCEPT_LANGUAGE).stream()
                .mapToInt(String::length)
                .sum();
        if (length > MAX_LANGUAGES) {
            return context;
        }
        LocaleContext locale = request.exchange().getLocaleContext();
        return context.put(LocaleContextThreadLocalAccessor.KEY, locale);
    }

    /** Ends the reading of a body that is not taken. */
    static final class RefusedBody extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final RequestBodies.Refusal refusal;

        private RefusedBody(RequestBodies.Refusal refusal) {
            super(null, null, false, false);
            this.refusal = refusal;
        }

        RequestBodies.Refusal refusal() {
            return refusal;
        }
    }

    /** A body that is no HTTP, or whose client has gone. */
    static final class UnreadableBody extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private UnreadableBody() {
            super(null, null, false, false);
        }
    }

    /** Returns how many headers a request has. */
    static int headers(ServerRequest request) {
        int[] count = new int[1];
        request.headers().asHttpHeaders().forEach((name, values) -> count[0] += values.size());
        return count[0];
    }

    /**
     * Reads a body, or ends with {@link RefusedBody} or {@link UnreadableBody}; Spring's readers would report a broken Content-Type
     * as an error of the server.
     */
    static Mono<byte[]> read(ServerRequest request, RequestBodies.Reading reading) {
        Flux<DataBuffer> received = request.exchange().getRequest().getBody().handle((buffer, sink) -> {
            RequestBodies.Refusal refusal = reading.received(buffer.readableByteCount());
            if (refusal == null) {
                sink.next(buffer);
            } else {
                DataBufferUtils.release(buffer);
                sink.error(new RefusedBody(refusal));
            }
        });
        Mono<byte[]> whole = received.onErrorMap(e -> e instanceof RefusedBody ? e : new UnreadableBody())
                .collect(ByteArrayOutputStream::new, ReactiveRequests::append)
                .map(ByteArrayOutputStream::toByteArray)
                .handle((body, sink) -> {
                    RequestBodies.Refusal refusal = reading.complete(body);
                    if (refusal == null) {
                        sink.next(body);
                    } else {
                        sink.error(new RefusedBody(refusal));
                    }
                });
        Mono<byte[]> tooSlow =
                Mono.fromCompletionStage(reading.tooSlow()).flatMap(refusal -> Mono.error(new RefusedBody(refusal)));
        return Mono.firstWithSignal(whole, tooSlow);
    }

    /** Copies at once: a buffer takes up many times its content, if that is one byte. */
    private static void append(ByteArrayOutputStream body, DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        body.writeBytes(bytes);
    }

    static @Nullable String address(ServerRequest request) {
        return request.remoteAddress().map(ReactiveRequests::text).orElse(null);
    }

    /** An address told by a proxy is not resolved: it has only its text. */
    private static String text(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        return address == null ? remote.getHostString() : address.getHostAddress();
    }
}
