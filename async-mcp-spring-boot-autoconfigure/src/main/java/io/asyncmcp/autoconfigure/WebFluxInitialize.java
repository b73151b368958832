package io.asyncmcp.autoconfigure;

import io.asyncmcp.server.transport.Dialects;
import io.asyncmcp.server.transport.PrincipalContext;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.EntityResponse;
import org.springframework.web.reactive.function.server.HandlerFilterFunction;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Adds what {@link Dialects} have to say to the reply to {@code initialize}, which passes by the session's transport and is
 * JSON already. No other reply is: requests are answered by a stream.
 */
final class WebFluxInitialize implements HandlerFilterFunction<ServerResponse, ServerResponse> {

    private static final TypeRef<Map<String, Object>> JSON = new TypeRef<>() {};

    private static final String RESULT = "result";

    private final Dialects dialects;

    WebFluxInitialize(Dialects dialects) {
        this.dialects = dialects;
    }

    @Override
    public Mono<ServerResponse> filter(ServerRequest request, HandlerFunction<ServerResponse> next) {
        Mono<ServerResponse> handled = next.handle(request);
        return request.method().equals(HttpMethod.POST)
                ? handled.flatMap(response -> response.statusCode().is2xxSuccessful()
                                && response instanceof EntityResponse<?> withEntity
                                && withEntity.entity() instanceof String json
                        ? described(request, response, json)
                        : Mono.just(response))
                : handled;
    }

    private Mono<ServerResponse> described(ServerRequest request, ServerResponse response, String json) {
        McpJsonMapper mapper = McpJsonDefaults.getMapper();
        try {
            Map<String, Object> reply = new LinkedHashMap<>(mapper.readValue(json, JSON));
            Object result = reply.get(RESULT);
            if (!(result instanceof Map<?, ?> known) || !known.containsKey("protocolVersion")) {
                return Mono.just(response);
            }
            McpTransportContext context = McpTransportContext.create(PrincipalContext.of(request.principal()));
            return dialects.initialized(result, context, false).flatMap(described -> {
                reply.put(RESULT, described);
                return ServerResponse.from(response).bodyValue(write(mapper, reply));
            });
        } catch (IOException e) {
            return Mono.error(e);
        }
    }

    private static String write(McpJsonMapper mapper, Map<String, Object> reply) {
        try {
            return mapper.writeValueAsString(reply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
