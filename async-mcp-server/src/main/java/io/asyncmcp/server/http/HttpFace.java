package io.asyncmcp.server.http;

import io.modelcontextprotocol.common.McpTransportContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Takes the requests of a protocol version that is not the SDK's. Thread-safe.
 *
 * @since 0.1.0
 */
public interface HttpFace {

    /**
     * Tells whether a request is for this face and not for the SDK; {@code headers} returns the values of a header by its name in
     * any case, {@code body} is {@code null} if there is none.
     */
    boolean takes(Function<String, List<String>> headers, byte @Nullable [] body);

    /** Returns the protocol version that it speaks. */
    String version();

    /** Handles a POST; ends when the request is being handled, on WebMVC without delay, and never with an error signal. */
    Mono<Void> post(
            Function<String, List<String>> headers, byte[] body, McpTransportContext context, HttpExchange exchange);
}
