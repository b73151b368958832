package io.asyncmcp.autoconfigure;

import io.asyncmcp.web.reactive.ReactiveResponses;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextThreadLocalAccessor;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/** Puts the caller's locale into the reactive context, where operations find it: WebFlux binds it to no thread. */
final class WebFluxLocale implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    /** Of what says which locale that is. It is parsed here and now, on a thread that serves everybody. */
    private static final int MAX_LENGTH = 512;

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        if (request.headers().header(HttpHeaders.ACCEPT_LANGUAGE).stream()
                        .mapToInt(String::length)
                        .sum()
                > MAX_LENGTH) {
            return next.handle(request);
        }
        LocaleContext locale = request.exchange().getLocaleContext();
        return next.handle(request)
                .map(response -> MediaType.TEXT_EVENT_STREAM.isCompatibleWith(
                                response.headers().getContentType())
                        ? new Localized(response, locale)
                        : response)
                .contextWrite(context -> with(context, locale));
    }

    private static Context with(Context context, LocaleContext locale) {
        return context.put(LocaleContextThreadLocalAccessor.KEY, locale);
    }

    /** The SDK handles requests of a session while their response is written. */
    private record Localized(ServerResponse response, LocaleContext locale) implements ReactiveResponses.Decorated {

        @Override
        public Mono<Void> writeTo(ServerWebExchange exchange, ServerResponse.Context context) {
            return response.writeTo(exchange, context).contextWrite(present -> with(present, locale));
        }
    }
}
